"""The files of the small examples, filled in."""

import re
from pathlib import Path

_HERE = Path(__file__).parent
_GAP = re.compile(r"\{\{(\w+)\}\}")


def filled(example: str, /, **values: str) -> dict[str, str]:
    """The files of an example (`course` or `exercise`) by their place in it; each {{name}} has its value."""
    files = {}
    for path in sorted((_HERE / example).rglob("*.txt")):
        text = path.read_text(encoding="utf-8")
        place = path.relative_to(_HERE / example).with_suffix("").as_posix()
        files[place] = _GAP.sub(lambda gap: values.get(gap[1], gap[0]), text)
    return files


def write(files: dict[str, str], *, folder: Path) -> None:
    """Write the files into a folder that is there."""
    for name, text in files.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(text.encode())
