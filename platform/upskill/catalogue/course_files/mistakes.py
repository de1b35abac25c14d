"""What an author got wrong, said so that they can put it right at once."""

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, order=True)
class Mistake:
    """One mistake of an author: where it is, what is wrong, and how to put it right. `line` counts from 1."""

    file: Path
    line: int
    problem: str
    cure: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.problem} {self.cure}"


class CourseError(Exception):
    """A course cannot be loaded. `mistakes` holds every mistake found, in the order of files and lines."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        self.mistakes = tuple(sorted(set(mistakes)))
        super().__init__("\n".join(str(mistake) for mistake in self.mistakes))


@dataclass
class Notes:
    """Collects mistakes while a course is read, so that an author hears of all of them at once."""

    mistakes: list[Mistake] = field(default_factory=list)

    def add(self, file: Path, *, line: int, problem: str, cure: str) -> None:
        """Note a mistake and go on reading."""
        self.mistakes.append(Mistake(file, line, problem, cure))

    def stop_if_any(self) -> None:
        """Refuse the course with everything noted so far: raises CourseError, or does nothing when all is well."""
        if self.mistakes:
            raise CourseError(self.mistakes)
