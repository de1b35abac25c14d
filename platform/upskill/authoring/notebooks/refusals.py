"""What stops a notebook at the door. Each sentence names the cell and says what to do."""


class CannotImport(Exception):
    """The notebook holds what an exercise cannot. `problems` are sentences, in the order of the cells."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(problems))


class CannotExport(Exception):
    """The exercise cannot be written as a notebook. The message says why, and what to do."""


def in_cell(number: int, name: str, problem: str, cure: str) -> str:
    """A sentence about a cell. `number` counts from 1, as somebody counts who scrolls down."""
    known_as = f" ({name})" if name else ""
    return f"Cell {number}{known_as}: {problem} {cure}"
