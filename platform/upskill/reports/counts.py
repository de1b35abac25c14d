"""What the nightly publication counts, read in one pass per table into arrays: organisations, staff, levels, roles."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from django.db import connection
from psycopg import sql

from upskill.catalogue.queries import skills_taught
from upskill.people.grades import GradeBand, band_of
from upskill.people.models import Membership, Organisation, in_force
from upskill.skills.models import Requirement, Skill

from .disclosure import NOBODY, Bools, Ints, Staff, Tree
from .figures import LEAST_STAFF, MEASURES

ROWS_AT_ONCE = 20_000
BLOCK_BYTES = 4_000_000  # of text from the database that is turned into numbers at once

# The level of each person and skill on a day: the highest whose latest day has not run out.
LEVELS_ON = sql.SQL("""
    COPY (
        SELECT tally.person_id, wanted.number - 1,
            CASE WHEN {expert} THEN 4 WHEN {practitioner} THEN 3 WHEN {working} THEN 2 WHEN {awareness} THEN 1
                ELSE 0 END
        FROM skills_leveltally tally
        JOIN unnest({skills}::text[]) WITH ORDINALITY AS wanted(slug, number) ON wanted.slug = tally.skill_id
        JOIN skills_skill skill ON skill.slug = tally.skill_id
    ) TO STDOUT (DELIMITER ' ')
""")
HOLDS = """(tally.{column} IS NOT NULL AND (
    skill.valid_months IS NULL OR {{day}} < tally.{column} + make_interval(months => skill.valid_months)
))"""
NUMBERS_IN_LEVELS = 3

# A second post can have a manager of its own; people count where their main post is.
LED_SINCE = """
    SELECT led.person_id, led.line_manager_id, coalesce(led.valid_to, '9999-12-31'), post.organisation_id, post.grade,
        post.profession
    FROM people_membership led
    JOIN people_membership post ON post.person_id = led.person_id AND post.is_main
        AND (post.valid_to IS NULL OR post.valid_to >= %(since)s) AND post.valid_from <= %(on)s
    JOIN people_user person ON person.id = led.person_id AND NOT person.is_probe
    WHERE led.line_manager_id IS NOT NULL AND led.valid_from <= %(on)s
        AND (led.valid_to IS NULL OR led.valid_to >= %(since)s)
"""
NUMBERS_IN_LED = 6


@dataclass(frozen=True)
class Slices:
    """The slices of one kind. `group`: which one each person is in, NOBODY for none."""

    kind: str  # "" everybody, "grade", "profession"
    names: tuple[str, ...]
    group: Ints


@dataclass(frozen=True)
class Organisations:
    """The tree of one day. The first of `rows`, which stands for the whole of government, has no row."""

    rows: tuple[Organisation | None, ...]
    tree: Tree
    numbers: dict[int, int]  # id of an organisation -> its number, or that of the nearest above that has not ended

    def path(self, number: int) -> str:
        """Its path; "" for the whole of government."""
        row = self.rows[number]
        return row.path if row else ""


@dataclass(frozen=True)
class People:
    """Everybody who counts on a day: one place in each array. Nobody counts twice."""

    person: Ints  # ids, ascending
    home: Ints
    manager: Ints
    role: Ints  # number in `roles`
    roles: tuple[str, ...]
    slices: tuple[Slices, ...]

    def staff(self, slices: Slices) -> Staff:
        """Who works where, by the slices of one kind."""
        return Staff(self.home, manager=self.manager, group=slices.group)


@dataclass(frozen=True)
class Led:
    """Who has reported to whom, and where they counted: one place in each array for each person, manager and post."""

    person: Ints  # ids
    manager: Ints  # small numbers
    home: Ints
    last: Ints  # the first day on which it no longer held, as a number
    groups: dict[str, Ints]  # kind of slices -> which one


@dataclass(frozen=True)
class Reached:
    """Levels above none: one place in each array for each person and skill."""

    person: Ints  # place in People
    skill: Ints
    level: Ints


def organisations_on(on: dt.date) -> Organisations:
    """The organisations in force on a day. What is below one that has ended counts as part of the nearest above.
    Whoever works in one that has ended is counted there too, and if nothing above is left, in government alone.
    """
    everything = list(Organisation.objects.order_by("path"))
    rows = [None, *(each for each in everything if each.is_in_force(on))]
    number = {each.path: place for place, each in enumerate(rows) if each}
    parent = [NOBODY, *(_nearest(_parent(each.path), known=number) for each in rows if each)]
    depth = [0]
    for above in parent[1:]:
        depth.append(depth[above] + 1)
    return Organisations(
        rows=tuple(rows),
        tree=Tree(np.array(parent, dtype=np.int64), depth=np.array(depth, dtype=np.int64)),
        numbers={each.pk: _nearest(each.path, known=number) for each in everything},
    )


def people_on(on: dt.date, *, organisations: Organisations) -> People:
    """Who counts: the main posts that active people hold on that day. The probe is no person. One query."""
    posts = Membership.objects.filter(in_force(on), is_main=True, person__is_active=True, person__is_probe=False)
    columns = ("person_id", "organisation_id", "line_manager_id", "grade", "profession", "role")
    found = posts.order_by("person_id", "valid_from", "pk").values_list(*columns)
    numbers, grades, professions, roles = [], _Names(GradeBand), _Names(), _Names()
    for person, organisation, manager, grade, profession, role in found.iterator(chunk_size=ROWS_AT_ONCE):
        numbers.append((
            person, organisations.numbers[organisation], NOBODY if manager is None else manager,
            grades.number(band_of(grade)), professions.number(profession), roles.number(role),
        ))  # fmt: skip
    table = np.array(numbers, dtype=np.int64).reshape(-1, len(columns))
    last = np.ones(len(table), dtype=bool)  # of somebody with two, the newer one
    last[:-1] = np.diff(table[:, 0]) != 0
    person, home, manager, band, profession, role = table[last].T
    everybody = Slices("", names=("",), group=np.zeros(len(person), dtype=np.int64))
    bands, trades = Slices("grade", names=grades.names, group=band), _named("profession", professions, profession)
    return People(
        person, home=home, manager=_dense(manager), role=role, roles=roles.names, slices=(everybody, bands, trades)
    )


def led_since(since: dt.date, *, on: dt.date, organisations: Organisations, people: People) -> Led:
    """Who reported to whom, in any post, on any day between these two. One query, its answer read as it comes."""
    rows = []
    grades, trades = ({name: n for n, name in enumerate(slices.names)} for slices in people.slices[1:])
    with connection.cursor() as cursor:
        cursor.execute(LED_SINCE, {"since": since, "on": on})
        while found := cursor.fetchmany(ROWS_AT_ONCE):
            for person, manager, last, home, grade, profession in found:
                band, trade = grades.get(str(band_of(grade)), NOBODY), trades.get(profession, NOBODY)
                rows.append((person, manager, organisations.numbers[home], last.toordinal(), band, trade))
    persons, managers, homes, lasts, bands, professions = np.array(rows, dtype=np.int64).reshape(-1, NUMBERS_IN_LED).T
    groups = {"": np.zeros(len(persons), dtype=np.int64), "grade": bands, "profession": professions}
    return Led(persons, manager=_dense(managers), home=homes, last=lasts, groups=groups)


def skills_counted(on: dt.date) -> list[str]:
    """Of which skills figures are published: those that a published course teaches now, that the role of somebody asks
    for on that day, or that enough people have reached for it to say nothing of anybody. Three queries.
    """
    in_use = Membership.objects.filter(in_force(on)).exclude(role="").values("role")
    asked = set(Requirement.objects.filter(role_level__in=in_use).values_list("skill", flat=True).distinct())
    with connection.cursor() as cursor:
        cursor.execute("SELECT skill_id FROM skills_leveltally GROUP BY skill_id HAVING count(*) >= %s", [LEAST_STAFF])
        reached = {skill for (skill,) in cursor.fetchall()}
    return list(Skill.objects.filter(pk__in=skills_taught() | asked | reached).values_list("pk", flat=True))


def levels_on(on: dt.date, *, people: People, skills: list[str]) -> Reached:
    """The level of each person and skill on that day, where there is one. One query, its answer read as it comes."""
    conditions = {
        name: sql.SQL(HOLDS.format(column=f"{name}_on")).format(day=sql.Literal(on))
        for name in ("expert", "practitioner", "working", "awareness")
    }
    table = _copied(LEVELS_ON.format(skills=sql.Literal(skills), **conditions), columns=NUMBERS_IN_LEVELS)
    place = np.searchsorted(people.person, table[:, 0])
    place[place == len(people.person)] = 0
    counts = (table[:, 2] > 0) & (people.person[place] == table[:, 0]) if len(people.person) else table[:, 2] < 0
    return Reached(place[counts], skill=table[counts, 1], level=table[counts, 2])


def targets_of(roles: tuple[str, ...], *, skills: list[str]) -> Ints:
    """[role, skill]: the level that the role asks for; 0 for none. One query."""
    targets = np.zeros((len(roles), len(skills)), dtype=np.int64)
    role_number, skill_number = ({name: n for n, name in enumerate(names)} for names in (roles, skills))
    wanted = Requirement.objects.filter(role_level__in=roles, skill__in=skills)
    for role, skill, level in wanted.values_list("role_level", "skill", "level"):
        targets[role_number[role], skill_number[skill]] = level
    return targets


def counted(people: People, reached: Reached, *, targets: Ints, piece: Ints, pieces: int) -> Ints:
    """[piece, skill, measure]: the true counts of MEASURES. `piece`: where each person is counted; NOBODY: nowhere."""
    skills = targets.shape[1]
    counts = np.zeros((pieces, skills, len(MEASURES)), dtype=np.int64)
    here = piece != NOBODY
    staff = np.bincount(piece[here], minlength=pieces)
    mine = here[reached.person]
    at, skill, level = piece[reached.person[mine]], reached.skill[mine], reached.level[mine]
    wanted = targets[people.role[reached.person[mine]], skill]
    for rank in range(1, 5):
        counts[:, :, rank] = _spread(at, skill, level == rank, shape=(pieces, skills))
    counts[:, :, 0] = staff[:, None] - counts[:, :, 1:5].sum(axis=2)
    in_role = _spread(piece[here], people.role[here], np.ones(here.sum(), dtype=bool), shape=(pieces, len(targets)))
    counts[:, :, 5] = np.rint(in_role.astype(np.float64) @ (targets > 0).astype(np.float64)).astype(np.int64)
    met = _spread(at, skill, (wanted > 0) & (level >= wanted), shape=(pieces, skills))
    counts[:, :, 6] = counts[:, :, 5] - met
    return counts


def _spread(first: Ints, second: Ints, chosen: Bools, *, shape: tuple[int, int]) -> Ints:
    """How many of those chosen are in each cell of a table."""
    flat = np.bincount(first[chosen] * shape[1] + second[chosen], minlength=shape[0] * shape[1])
    return flat.reshape(shape)


class _Names:
    """Numbers for names, in the order in which they come."""

    def __init__(self, first: Iterable[str] = ()) -> None:
        self._numbers = {str(name): number for number, name in enumerate(first)}

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._numbers)

    def number(self, name: str) -> int:
        return self._numbers.setdefault(str(name), len(self._numbers))


def _named(kind: str, names: _Names, number: Ints) -> Slices:
    """Slices by name; whoever has none is in none of them."""
    blank = names.names.index("") if "" in names.names else NOBODY
    group = np.where(number == blank, NOBODY, number - ((blank != NOBODY) & (number > blank)))
    return Slices(kind, names=tuple(name for name in names.names if name), group=group)


def _dense(ids: Ints) -> Ints:
    """Small numbers in place of ids; NOBODY stays."""
    _known, number = np.unique(ids, return_inverse=True)
    return np.where(ids == NOBODY, NOBODY, number)


def _copied(query: sql.Composable, *, columns: int) -> Ints:
    """The whole numbers that a COPY in text gives, a row each, without a Python object for each of them."""
    parts, text = [], bytearray()  # bytes would be copied with each row
    with connection.cursor() as cursor, cursor.copy(query) as copy:
        for block in copy:
            text += block
            if len(text) >= BLOCK_BYTES:
                whole, _, text = text.rpartition(b"\n")
                parts.append(np.fromstring(whole.decode(), sep=" ", dtype=np.int64))
    parts.append(np.fromstring(text.decode(), sep=" ", dtype=np.int64))
    return np.concatenate(parts).reshape(-1, columns)


def _parent(path: str) -> str:
    return path.rstrip("/").rpartition("/")[0] + "/"


def _nearest(path: str, *, known: dict[str, int]) -> int:
    """The number of the path itself or of the longest known one above it; 0, the whole of government, for none."""
    while path.strip("/") and path not in known:
        path = _parent(path)
    return known.get(path, 0)
