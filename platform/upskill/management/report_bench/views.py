"""Every address that shows a report, for somebody who asks: pages, files and API answers, found by the URL resolver."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse

from upskill.management.page_bench.addresses import OF_REPORTS, QUERIES, Page, is_file, pages
from upskill.management.page_bench.visits import Caller
from upskill.people.models import Membership

from .askers import CURRENT, Asker

MORE = {  # page -> variants of it that an address's query makes, besides those of page_bench
    "manager:department": (("of a profession", "people=profession:Policy"),),
}


@dataclass(frozen=True)
class View:
    """One address, what to know it by, and who asks for it."""

    label: str
    path: str
    asker: Asker

    @property
    def is_file(self) -> bool:
        """Whether it is a download."""
        return is_file(self.path)


def views(asker: Asker, *, caller: Caller) -> list[View]:
    """The addresses that they may open."""
    found = [view for page in pages() if page.name.startswith(OF_REPORTS) for view in _of(page, asker=asker)]
    return [view for view in found if caller.ask(view.path).status == 200]


def _of(page: Page, *, asker: Asker) -> Iterator[View]:
    arguments = _arguments(page, asker=asker)
    if arguments is None:
        return
    path = reverse(page.name, kwargs=arguments)
    yield View(page.name, path, asker)
    for variant, query in (*QUERIES.get(page.name, ()), *MORE.get(page.name, ())):
        yield View(f"{page.name} {variant}", f"{path}?{query}", asker)


def _arguments(page: Page, *, asker: Asker) -> dict[str, str] | None:
    """What the page's address is made of; None where the asker has nothing that it could show."""
    match page.parameters:
        case ():
            return {}
        case ("code",) if asker.organisation:
            return {"code": asker.organisation.code}
        case ("public_id",) if page.name == "manager:direct_report":
            reports = Membership.objects.filter(**CURRENT, line_manager=asker.person).order_by("pk")
            post = reports.select_related("person").first()
            return {"public_id": str(post.person.public_id)} if post else None
    return None
