"""Frameworks: what comes with the service, what official files say, and what a new version changes."""

import pytest
from django.core.management import CommandError, call_command

from tests.factories.marking import EvidenceFactory, SkillFactory
from tests.factories.people import NOON, MembershipFactory, PersonFactory
from tests.unit.management.commands import run
from tests.unit.skills.gdad_files import ETHICIST, ETHICS, HEADER, MATHS, ROWS, as_csv, row
from upskill.core.models import AuditEntry
from upskill.skills import framework_content, frameworks, gdad_file, queries, services, standing_in
from upskill.skills.models import CapabilityRole, Framework, Level, Requirement, RoleLevel, Skill

pytestmark = pytest.mark.django_db
MATHS_CODE = "gdad-applied-maths-statistics-and-scientific-practices"
TODAY = NOON.date()


def tables() -> list[list[tuple]]:
    return [sorted(model.objects.values_list(), key=str)
            for model in (Framework, Skill, CapabilityRole, RoleLevel, Requirement, AuditEntry)]  # fmt: skip


def requirements() -> set[tuple[str, str, int]]:
    return set(Requirement.objects.values_list("role_level", "skill", "level"))


@pytest.fixture
def imported(tmp_path):
    """Reads these rows as a version of the framework, from a file."""

    def read(*rows, version="2026.1", apply=True) -> list[str]:
        file = tmp_path / "roles.csv"
        file.write_bytes(as_csv(*rows))
        return run("import_gdad", str(file), f"--version={version}", *(["--apply"] if apply else []))

    return read


# --- What comes with the service ---


def test_packaged_frameworks_have_their_names_and_the_one_level_that_was_read():
    lines = run("load_frameworks")

    assert lines == ["Framework gdad: 57 changes made", "Framework turing-ai-skills-business: 33 changes made"]
    assert list(Framework.objects.order_by("slug").values_list("slug", "licence")) == [
        ("gdad", "Open Government Licence v3.0"),
        ("turing-ai-skills-business", "Names only, as cited"),
        ("upskill", "As each course says"),
    ]
    levels = RoleLevel.objects.filter(role="gdad-data-scientist").values_list("code", "name")
    assert list(levels)[1:3] == [
        ("gdad-data-scientist--associate-data-scientist", "Associate data scientist"),
        ("gdad-data-scientist", "Data scientist"),
    ]
    personas = RoleLevel.objects.filter(role__kind="persona").order_by("code").values_list("name", flat=True)
    assert list(personas) == ["AI Citizen", "AI Leader", "AI Professional", "AI Worker"]
    senior = "gdad-machine-learning-engineer--senior-machine-learning-engineer"
    assert requirements() == {(senior, MATHS_CODE, Level.PRACTITIONER)}
    assert CapabilityRole.objects.get(pk="gdad-data-ethicist").skills.count() == 10


def test_packaged_frameworks_are_written_once_and_give_way_to_the_official_file(imported):
    run("load_frameworks")
    before = tables()
    assert run("load_frameworks") == ["Framework gdad: up to date", "Framework turing-ai-skills-business: up to date"]
    assert tables() == before
    imported(*ROWS)
    before = tables()

    assert run("load_frameworks") == ["Framework turing-ai-skills-business: up to date"]

    assert tables() == before


# --- The official files ---


def test_dry_run_says_what_apply_then_does_and_again_changes_nothing(imported):
    before = tables()
    said = imported(*ROWS, apply=False)
    assert tables() == before

    done, again = imported(*ROWS), imported(*ROWS)

    assert said[:-1] == done[:-1] == [
        f"new skill: {MATHS}",
        f"new skill: {ETHICS}",
        "new role: Data scientist",
        f"Data scientist, also lists: {MATHS}",
        f"Data scientist, also lists: {ETHICS}",
        "new level of Data scientist: Trainee data scientist",
        f"Trainee data scientist, {MATHS}: Awareness",
        f"Trainee data scientist, {ETHICS}: Awareness",
        "new level of Data scientist: Data scientist",
        f"Data scientist, {MATHS}: Practitioner",
        f"Data scientist, {ETHICS}: Working",
        "new role: Data ethicist",
        f"Data ethicist, also lists: {ETHICS}",
        "new level of Data ethicist: Data ethics lead",
        f"Data ethics lead, {ETHICS}: Expert",
    ]  # fmt: skip
    assert (said[-1], done[-1]) == (
        "15 changes. Nothing was changed: run this again with --apply.",
        "15 changes made.",
    )
    assert again == ["The files say what is here already."]
    assert AuditEntry.objects.filter(event="framework.imported").count() == 1


def test_new_version_changes_what_differs_ends_what_vanished_and_marks_it(imported):
    run("load_frameworks")
    imported(*ROWS)
    ethics_lead = MembershipFactory(role="gdad-data-ethicist--data-ethics-lead").person
    newer = [
        row(level="Lead data scientist", skill=MATHS, asks="Expert"),
        row(level="Data scientist", skill=MATHS, asks="Working"),
    ]

    lines = imported(*newer, version="2026.2")

    assert lines == [
        f"changed skill: {MATHS}",
        f"Data scientist, no longer lists: {ETHICS}",
        "changed level of Data scientist: Lead data scientist",
        f"Lead data scientist, {MATHS}: Expert",
        f"Data scientist, {MATHS}: Practitioner -> Working",
        "Data scientist, gdad-data-ethics-and-privacy: Working -> not asked",
        "ended level: Trainee data scientist",
        "ended role: Data ethicist",
        "8 changes made.",
    ]
    assert list(RoleLevel.objects.filter(role="gdad-data-scientist", ended_at=None).values_list("name", flat=True)) == [
        "Lead data scientist",
        "Data scientist",
    ]
    marked = CapabilityRole.objects.filter(framework="gdad").values_list("slug", "changed_in", "ended_at")
    assert set(marked) >= {("gdad-data-scientist", "2026.2", None)}
    assert CapabilityRole.objects.get(pk="gdad-data-ethicist").ended_at is not None
    asked = queries.targets([ethics_lead.pk], on=TODAY)  # who has an ended role keeps it
    assert asked == {(ethics_lead.pk, "gdad-data-ethics-and-privacy"): Level.EXPERT}
    assert Framework.objects.get(pk="gdad").version == "2026.2"


def test_role_that_comes_back_is_no_longer_ended(imported):
    imported(*ROWS)
    imported(*ROWS[:4], version="2")

    imported(*ROWS, version="3")

    assert CapabilityRole.objects.filter(framework="gdad", ended_at__isnull=False).count() == 0


def test_header_may_be_spelt_in_other_ways_and_columns_stand_elsewhere():
    order = [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]
    header = tuple(f" {HEADER[at].upper().replace(' ', '_')} " for at in order)
    turned = as_csv(*(tuple(each[at] for at in order) for each in ROWS), header=header)

    assert gdad_file.read(turned) == gdad_file.read(as_csv(*ROWS))


def test_file_of_skills_adds_the_levels_that_no_role_asks_for():
    header = HEADER[5:9]
    skills = as_csv((ETHICS, "", "practitioner", "You can lead."), header=header)

    read = gdad_file.read(as_csv(ROWS[1]), skills=skills)

    assert read.skills[0].statements == {"1": "You can:\n- do it at Awareness", "3": "You can lead."}


HOSTILE = {
    "a level that is none": (
        as_csv(row(level="Data scientist", skill=MATHS, asks="Guru")), "Line 3: “Guru” is no level of a skill.",
    ),
    "an empty name": (as_csv(row(level=" ", skill=MATHS, asks="Working")), "Line 3: role level is empty."),
    "a name without end": (
        as_csv(row(level="x" * 121, skill=MATHS, asks="Working")), "Line 3: role level is longer than 120 characters.",
    ),
    "text that turns round": (
        as_csv(row(level="Lead\u202e", skill=MATHS, asks="Working")),
        "Line 3: role level has characters that nobody can see.",
    ),
    "a text without end": (
        as_csv((*ETHICIST[:2], "x" * 6001, *ROWS[0][3:])), "Line 3: role description is longer than 6000 characters.",
    ),
    "two levels at once": (
        as_csv(ROWS[0], row(level="Trainee data scientist", skill=MATHS, asks="Expert")),
        f"Line 5: Trainee data scientist asks for {MATHS} at two levels.",
    ),
    "a role in two families": (
        as_csv(ROWS[0], ("IT", *ROWS[1][1:])),
        "Line 5: the role Data scientist is in another family, or spelt otherwise, above.",
    ),
    "a cell too few": (as_csv(ROWS[0][:-1]), "Line 3: it has 9 cells, and the header 10."),
    "no rows": (as_csv(), "The file of roles has no rows."),
    "another file": (b"PK\x03\x04", "The file of roles lacks these columns: role family, role"),
    "an open quote": (as_csv(ROWS[0]) + b'"', "The file of roles is not a CSV file: unexpected end of data in line 4."),
}  # fmt: skip


@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_file_is_refused_whole_with_the_mistake(what, tmp_path):
    content, mistake = HOSTILE[what]
    file = tmp_path / "roles.csv"
    file.write_bytes(content)

    with pytest.raises(CommandError) as refused:
        call_command("import_gdad", str(file), "--version=1", "--apply")

    assert str(refused.value).startswith(mistake)
    assert Framework.objects.count() == Skill.objects.count() == 0


def test_names_that_come_to_one_code_are_refused():
    content = gdad_file.read(as_csv(ROWS[0], row(level="Data scientist", skill=MATHS.upper(), asks="Working")))

    with pytest.raises(frameworks.SameCode, match="are too alike"):
        frameworks.apply(content, source=framework_content.GDAD, by=None, now=NOON)


# --- Ours stand for theirs ---


def ours(same_as: str | None) -> list[dict]:
    return [{"slug": "stats-reasoning", "name": "Statistical reasoning", "statements": {}, "same_as": same_as}]


@pytest.mark.parametrize("ours_first", [True, False])
def test_evidence_of_our_courses_counts_for_a_role_of_the_framework(imported, ours_first):
    if ours_first:
        services.sync_skills(ours(MATHS_CODE), by=None, now=NOON)
    imported(*ROWS)
    services.sync_skills(ours(MATHS_CODE), by=None, now=NOON)
    person = MembershipFactory(role="gdad-data-scientist").person
    EvidenceFactory(learner=person, skill=SkillFactory(slug="stats-reasoning"), level=Level.PRACTITIONER)

    record = {each.skill.pk: (each.level, each.target) for each in queries.record_of(person, on=TODAY)}

    assert record == {
        "stats-reasoning": (Level.PRACTITIONER, Level.PRACTITIONER),
        "gdad-data-ethics-and-privacy": (Level.NONE, Level.WORKING),
    }
    assert imported(*ROWS) == ["The files say what is here already."]


def test_requirement_goes_back_to_the_frameworks_skill_when_ours_no_longer_stands_for_it(imported):
    imported(*ROWS)
    before = requirements()
    services.sync_skills(ours(MATHS_CODE), by=None, now=NOON)
    assert requirements() != before

    services.sync_skills(ours(None), by=None, now=NOON)

    assert requirements() == before
    assert standing_in.follow(by=None, now=NOON) == 0


def test_skill_of_ours_cannot_have_the_id_of_a_frameworks(imported):
    imported(*ROWS)

    with pytest.raises(services.NamedByAFramework, match="Choose another id"):
        services.sync_skills([{"slug": MATHS_CODE, "name": "Ours", "statements": {}}], by=None, now=NOON)


def test_skills_that_nobody_asks_of_somebody_are_not_in_their_record(imported):
    imported(*ROWS)

    assert queries.record_of(PersonFactory(), on=TODAY) == []
