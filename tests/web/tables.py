"""How the tests read a table."""

import re

from django.http import HttpResponse

from tests.web.learner.pages import main, words


def rows(page: HttpResponse, *, table: int = 0) -> list[list[str]]:
    """The words of each cell of a table of the main part, line by line, the heading first."""
    found = re.findall(r"<table.*?</table>", main(page), flags=re.DOTALL)
    lines = re.findall(r"<tr.*?</tr>", found[table], flags=re.DOTALL)
    return [[words(cell) for cell in re.findall(r"<t[hd]\b.*?</t[hd]>", line, flags=re.DOTALL)] for line in lines]


def shades(page: HttpResponse) -> list[str]:
    """The shade of each cell of a heatmap: 0 to 4, or hidden."""
    return re.findall(r"app-heat__cell--(\w+)", main(page))
