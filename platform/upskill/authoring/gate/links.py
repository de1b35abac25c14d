"""Links that lead somewhere: of every text of a course, with their line. Nothing is fetched."""

from pathlib import Path
from urllib.parse import urlsplit

from upskill.authoring.places import markdown_of
from upskill.catalogue import prose

from .remarks import Remarks

_NO_HOST = set(" \t\"'<>\\^`{|}")


def check_links(file: Path, *, remarks: Remarks) -> None:
    """Note each link of the file that is not encrypted, or names no place. Reading the course finds the others."""
    for line, target in prose.links(markdown_of(file)):
        problem, cure = _complaint(target)
        if problem:
            remarks.mistakes.add(file, line=line, problem=f"The link to {target} {problem}.", cure=cure)


def _complaint(target: str) -> tuple[str, str]:
    """What is wrong with a link, and its cure; empty where it is well."""
    if target.startswith("mailto:"):
        whole = target.count("@") == 1 and not target.endswith("@") and not target.startswith("mailto:@")
        return ("", "") if whole else ("names no mailbox", "Write mailto: and an address.")
    if target.startswith("http://"):
        return "is not encrypted", "Begin it with https://, or take another source."
    try:
        host = urlsplit(target).hostname or ""
    except ValueError:
        host = ""
    if "." not in host.strip(".") or _NO_HOST & set(target):
        return "is not well formed", "Write the whole address, such as https://www.gov.uk/guidance."
    return "", ""
