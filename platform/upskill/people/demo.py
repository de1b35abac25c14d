"""The demo organisation: two real departments with invented people, one account per role. Data: data/README.md."""

import csv
import datetime as dt
import hashlib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from django.db import transaction
from django.db.models import QuerySet

from upskill.core import audit

from . import services
from .models import Membership, Organisation, RoleGrant, User
from .roles import Role

DATA = Path(__file__).parent / "data"
DOMAIN = "example.gov.uk"
TRAINED_COURSE = "ai-ethics-in-practice"
VIEWED_DEPARTMENT = "dwp"
DELIVERING = ("dwp-service", "dwp-leeds", "dwp-newcastle", "dwp-cardiff", "dvla")


@dataclass(frozen=True)
class DemoPerson:
    """One invented person, as data/demo_people.csv has them, with a grade and a profession."""

    full_name: str
    unit: str
    leads: str
    demo: str  # the role that this account shows, "" for everybody else
    did: str  # "failed" or "passed" the quiz; "solved" the exercise too, or gave the wrong answer of this name
    grade: str = ""
    profession: str = ""

    @property
    def email(self) -> str:
        """learner@example.gov.uk for a demo account, first.last@example.gov.uk for others."""
        if self.demo:
            return f"{self.demo}@{DOMAIN}"
        plain = unicodedata.normalize("NFKD", self.full_name).encode("ascii", "ignore").decode()
        return f"{plain.lower().replace(' ', '.')}@{DOMAIN}"


def cast() -> list[DemoPerson]:
    """Everybody in the demo. Grades and professions are spread as in the Civil Service of 2023: those who lead have the
    higher grades, and the largest profession works where the service is delivered.
    """
    people = [DemoPerson(**row) for row in lines_of("demo_people.csv")]
    kinds = {row["code"]: row["kind"] for row in lines_of("demo_units.csv")}
    by_rank = sorted(people, key=lambda person: _rank(person, kinds=kinds))
    by_work = sorted(people, key=lambda person: (not person.unit.startswith(DELIVERING), _lot(person)))
    grades = dict(zip(by_rank, _spread("grades_2023.csv", places=len(people)), strict=True))
    professions = dict(zip(by_work, _spread("professions_2023.csv", places=len(people)), strict=True))
    return [replace(person, grade=grades[person], profession=professions[person]) for person in people]


def departments() -> list[str]:
    """Codes of the departments at the top of the demo's trees."""
    return [row["code"] for row in lines_of("demo_units.csv") if not row["parent"]]


def invented() -> "QuerySet[User]":
    """Everybody whose address is on the domain that invented people have."""
    return User.objects.filter(email__endswith=f"@{DOMAIN}")


def others() -> "QuerySet[User]":
    """Everybody else but the probe."""
    return User.objects.exclude(pk__in=invented()).exclude(is_probe=True)


def is_out_of_place() -> bool:
    """True where there are people who are not invented, and no demo yet: a service in use, whatever DEBUG says."""
    return others().exists() and not invented().exists()


@transaction.atomic
def load(*, now: dt.datetime) -> int:
    """Make the demo organisation complete; returns how many people are new. Safe to repeat: what is there stays."""
    units = _load_units(now=now)
    everybody = cast()
    known = {person.email: person for person in User.objects.filter(email__in=[each.email for each in everybody])}
    new = [each for each in everybody if each.email not in known]
    for each in new:
        known[each.email] = services.add_person(each.full_name, email=each.email, by=None, now=now)
    leaders = {each.leads: known[each.email] for each in everybody if each.leads}
    placed = set(Membership.objects.filter(person__in=known.values()).values_list("person_id", flat=True))
    for each in everybody:
        person = known[each.email]
        if person.pk not in placed:
            _place(person, each, units=units, leaders=leaders, now=now)
    _grant_roles({each.demo: known[each.email] for each in everybody if each.demo}, units=units, now=now)
    return len(new)


def people_by_role() -> dict[str, User]:
    """Role of a demo account -> its person, for those that exist and are active. One query."""
    roles = {each.email: each.demo for each in cast() if each.demo}
    people = User.objects.filter(email__in=roles, is_active=True)
    return {roles[person.email or ""]: person for person in people}


@transaction.atomic
def enter(role: str, *, now: dt.datetime) -> User | None:
    """The person of the demo account that shows this role, with the sign-in on record; None if there is none."""
    person = people_by_role().get(role)
    if person:
        audit.record("person.signed_in", subject=person, by=person, at=now, about=person, way="demo")
    return person


def _load_units(*, now: dt.datetime) -> dict[str, Organisation]:
    rows = list(lines_of("demo_units.csv"))
    units = {unit.code: unit for unit in Organisation.objects.filter(code__in=[row["code"] for row in rows])}
    for row in rows:  # parents stand before their parts
        if row["code"] not in units:
            units[row["code"]] = services.add_organisation(
                row["name"],
                code=row["code"],
                kind=Organisation.Kind(row["kind"]),
                parent=units[row["parent"]] if row["parent"] else None,
                from_on=now.date(),
                by=None,
                now=now,
            )
    return units


def _place(
    person: User, each: DemoPerson, *, units: dict[str, Organisation], leaders: dict[str, User], now: dt.datetime
) -> None:
    """Below whoever leads the unit; whoever leads it works below the leader of the unit above."""
    above = units[each.unit].parent if each.leads else units[each.unit]
    services.place(
        person,
        organisation=units[each.unit],
        line_manager=leaders.get(above.code) if above else None,
        from_on=now.date(),
        grade=each.grade,
        profession=each.profession,
        by=None,
        now=now,
    )


def _grant_roles(accounts: dict[str, User], *, units: dict[str, Organisation], now: dt.datetime) -> None:
    wanted: list[tuple[str, Role, str, Organisation | None]] = [
        ("trainer", Role.TRAINER, TRAINED_COURSE, None),
        ("reviewer", Role.TRAINER, TRAINED_COURSE, None),  # decides where the first trainer has marked
        ("viewer", Role.DEPARTMENT_VIEWER, "", units[VIEWED_DEPARTMENT]),
        ("administrator", Role.DEPARTMENT_ADMIN, "", units[VIEWED_DEPARTMENT]),
        ("operator", Role.OPERATOR, "", None),
    ]
    for account, role, course, organisation in wanted:
        if not RoleGrant.objects.filter(person=accounts[account], role=role).exists():  # an ended one stays ended
            services.grant_role(
                accounts[account], role=role, course=course, organisation=organisation, by=None, now=now
            )


def _rank(person: DemoPerson, *, kinds: dict[str, str]) -> tuple[int, str]:
    """Who has the higher grade: whoever leads the larger unit, then those who lead none, as the lot falls."""
    order = ("department", "agency", "directorate", "team")
    return (order.index(kinds[person.leads]) if person.leads else len(order), _lot(person))


def _lot(person: DemoPerson) -> str:
    """A lot that always falls the same."""
    return hashlib.sha256(person.full_name.encode()).hexdigest()


def _spread(filename: str, *, places: int) -> list[str]:
    """The names in the file, each as often as its share of `places` demands (largest remainders), in its order."""
    shares = {next(iter(row.values())): int(row["headcount_2023"]) for row in lines_of(filename)}
    exact = {name: Decimal(share * places) / sum(shares.values()) for name, share in shares.items()}
    counts = {name: int(wanted) for name, wanted in exact.items()}
    by_remainder = sorted(shares, key=lambda name: (counts[name] - exact[name], name))
    for name in by_remainder[: places - sum(counts.values())]:
        counts[name] += 1
    return [name for name in shares for _ in range(counts[name])]


def lines_of(filename: str) -> Iterator[dict[str, str]]:
    """The lines of a file of data/."""
    with (DATA / filename).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
