"""What was tried of an exercise before it could be handed in, in words, and whether the engine is still the same."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from upskill.catalogue.course_files.certificate import SOLUTION, UNTOUCHED, Certificate
from upskill.catalogue.models import Clearance, ExerciseVersion
from upskill.catalogue.queries import clearance_of

ENGINE = "Marker"  # what marking.engines calls it


@dataclass(frozen=True)
class AnswerLine:
    """An answer that the author knows: what it got, and the check that it loses."""

    name: str
    points: Decimal
    loses: str


@dataclass(frozen=True)
class CheckedExercise:
    """An exercise as it is published: why it can be handed in, what was tried, and what is otherwise by now."""

    exercise: ExerciseVersion
    clearance: Clearance | None
    certificate: Certificate | None
    others: list[tuple[str, str, str]]  # name of the engine or a library, its version then, and its version now

    @property
    def badge(self) -> str:
        """What was caught and held, in one line; empty where no certificate says it."""
        return _badge(self.certificate) if self.certificate else ""

    @property
    def answers(self) -> list[AnswerLine]:
        """The known answers: the solution, the untouched notebook, then the wrong ones."""
        names = {SOLUTION: _("The solution"), UNTOUCHED: _("The untouched notebook")}
        facts = self.certificate.answers if self.certificate else {}
        said = {name: facts[name] for name in sorted(facts, key=lambda name: (name not in names, name))}
        return [
            AnswerLine(names.get(name, name), Decimal(str(each["points"])), each.get("loses", ""))
            for name, each in said.items()
        ]


def badge(exercise: ExerciseVersion) -> str:
    """What an exercise's certificate says in one line; empty where it has none. At most one query."""
    found = certificate_of(clearance_of(exercise))
    return _badge(found) if found else ""


def certificate_of(clearance: Clearance | None) -> Certificate | None:
    """The certificate that an exercise was opened by; None where it was opened otherwise, or not at all."""
    return Certificate(**clearance.certificate) if clearance and clearance.certificate else None


def checked_exercises(exercises: Iterable[ExerciseVersion], *, versions: Mapping[str, str]) -> list[CheckedExercise]:
    """A line for each of these, which were read with their clearance. `versions`: what marks now, name -> version."""
    return [_checked(exercise, versions=versions) for exercise in exercises]


def _checked(exercise: ExerciseVersion, *, versions: Mapping[str, str]) -> CheckedExercise:
    clearance = clearance_of(exercise)
    certificate = certificate_of(clearance)
    then = {ENGINE: certificate.engine, **certificate.libraries} if certificate else {}
    others = [(name, was, versions[name]) for name, was in then.items() if versions.get(name, was) != was]
    return CheckedExercise(exercise, clearance, certificate, others)


def _badge(certificate: Certificate) -> str:
    caught = ngettext("Catches %(n)d known mistake", "Catches %(n)d known mistakes", certificate.caught)
    held = ngettext("%(n)d trick held", "%(n)d tricks held", certificate.held)
    parts = [caught % {"n": certificate.caught}, *([held % {"n": certificate.held}] if certificate.held else [])]
    return ", ".join(parts)
