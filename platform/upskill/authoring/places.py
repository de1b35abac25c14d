"""Where in a course file something stands, so that an author can go there at once."""

from pathlib import Path


def lines_of(file: Path) -> list[str]:
    """The lines of a course file, without their ends."""
    return file.read_text(encoding="utf-8-sig").splitlines()


def line_with(file: Path, text: str) -> int:
    """The first line that holds the text, from 1; 1 where none does."""
    return next((number for number, line in enumerate(lines_of(file), 1) if text in line), 1)


def line_of_key(file: Path, key: str) -> int:
    """The first line that gives a key of YAML; 1 where none does."""
    starts = (f"{key}:", f"- {key}:")
    return next((number for number, line in enumerate(lines_of(file), 1) if line.lstrip().startswith(starts)), 1)


def line_of_cell(script: Path, name: str) -> int:
    """The line of an exercise's script on which the cell of this name begins; 1 where there is none."""
    lines = enumerate(lines_of(script), 1)
    return next((number for number, line in lines if line.startswith("# %%") and f'"{name}"' in line), 1)


def markdown_of(file: Path) -> str:
    """The Markdown of a lesson, quiz or script, each line where it stands in the file; all else is left empty."""
    lines = lines_of(file)
    return "\n".join(_of_script(lines) if file.suffix == ".py" else _of_page(lines))


def _of_page(lines: list[str]) -> list[str]:
    """Without the block at the top."""
    end = lines.index("---", 1) + 1 if lines[:1] == ["---"] and "---" in lines[1:] else 0
    return [""] * end + lines[end:]


def _of_script(lines: list[str]) -> list[str]:
    """The cells of text, without the signs that make them comments."""
    found, is_text = [], False
    for line in lines:
        if line.startswith("# %%"):
            is_text = line.startswith("# %% [markdown]")
            found.append("")
        else:
            found.append(line.removeprefix("#").removeprefix(" ") if is_text and line.startswith("#") else "")
    return found


def near(path: Path) -> Path:
    """The path from the working folder where that is shorter, so that messages can be clicked in a terminal."""
    return path.relative_to(Path.cwd()) if path.is_absolute() and path.is_relative_to(Path.cwd()) else path
