"""IPython's own syntax in a cell: magics, shell lines and help, which plain Python cannot read."""

import re

_MAGIC_LINE = re.compile(r"^\s*(?:%{1,2}|!|\?)|^\s*[\w.]+\?{1,2}\s*$")


def without_magics(source: str) -> str:
    """The source with each such line replaced by an empty one, so that line numbers stay."""
    if source.lstrip().startswith("%%"):
        return ""
    return "\n".join("" if _MAGIC_LINE.match(line) else line for line in source.splitlines())


def needs_ipython(source: str) -> bool:
    """Whether the cell has lines or names that only IPython knows."""
    return source.strip() != without_magics(source).strip() or re.search(r"\bget_ipython\b", source) is not None
