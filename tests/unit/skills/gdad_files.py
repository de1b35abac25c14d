"""Files in the shape of the Government Digital and Data framework's own, with a few of its names and invented texts."""

import csv
import io

HEADER = (
    "Role Family", "Role", "Role Description", "Role Level", "Role Level Description", "Skill Name",
    "Skill Description", "Skill Level", "Skill Level Description", "Role Type",
)  # fmt: skip
MATHS = "Applied maths, statistics and scientific practices"
ETHICS = "Data ethics and privacy"
SCIENTIST = ("Data", "Data scientist", "A data scientist finds out.")
ETHICIST = ("Data", "Data ethicist", "A data ethicist asks.")


def row(role=SCIENTIST, *, level: str, skill: str, asks: str) -> tuple[str, ...]:
    """One row: what a level of a role asks of a skill."""
    return (
        *role,
        level,
        f"What a {level} does.",
        skill,
        f"About {skill}.",
        asks,
        f"You can:\n- do it at {asks}",
        "Core",
    )


ROWS = (
    row(level="Trainee data scientist", skill=MATHS, asks="Awareness"),
    row(level="Trainee data scientist", skill=ETHICS, asks="Awareness"),
    row(level="Data scientist", skill=MATHS, asks="Practitioner"),
    row(level="Data scientist", skill=ETHICS, asks="Working"),
    row(ETHICIST, level="Data ethics lead", skill=ETHICS, asks="Expert"),
)


def as_csv(*rows: tuple[str, ...], header: tuple[str, ...] = HEADER) -> bytes:
    """As a spreadsheet saves it."""
    text = io.StringIO()
    csv.writer(text).writerows([header, *rows])
    return text.getvalue().encode("utf-8-sig")
