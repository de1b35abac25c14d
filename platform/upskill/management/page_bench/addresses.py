"""Every named page of the site, as the URL resolver has it, with addresses made from what is in the database.

A new page is found by itself. If its address needs something that no recipe knows, it gets a line in RECIPES: a test
says so.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import product

from django.db.models import Count, F
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from upskill.catalogue import queries as catalogue
from upskill.catalogue.models import Course, Item, ItemVersion, LearningPath
from upskill.learning.models import Submission
from upskill.marking.models import CheckMark, Review, Waiting
from upskill.people import demo, weekly_mail
from upskill.people.models import AccessToken, Membership, Organisation, PeopleImport, RoleGrant, User
from upskill.people.roles import Role
from upskill.planning.audience import posts_meant
from upskill.planning.models import Assignment
from upskill.reports.models import SavedView
from upskill.skills.models import CapabilityRole, Certificate, RoleLevel

from .cast import busiest_learner

Arguments = dict[str, str]  # what an address is made of: name of the parameter -> value
MOST = 4  # addresses of one page; more would measure the same again
KINDS_FIRST = (Item.Kind.LESSON, Item.Kind.QUIZ, Item.Kind.EXERCISE, Item.Kind.REFLECTION, Item.Kind.WORKSHOP)


@dataclass(frozen=True)
class Page:
    """A page: its name, such as learner:course, and the parameters of its address."""

    name: str
    parameters: tuple[str, ...]


@dataclass(frozen=True)
class Address:
    """One address of a page, with what to add to the page's name to know it by ("" where there is one only)."""

    page: Page
    path: str
    variant: str = ""

    @property
    def label(self) -> str:
        """The page's name, with the variant."""
        return f"{self.page.name} {self.variant}".strip()


def pages() -> list[Page]:
    """Every named address of the site, in the order of the resolver. Some may answer no GET."""
    return list(_walk(get_resolver(), prefix="", parameters=()))


def has_recipe(page: Page) -> bool:
    """Whether addresses of this page can be made."""
    return not page.parameters or page.name in RECIPES or page.parameters in RECIPES_BY_PARAMETERS


def addresses(page: Page) -> list[Address]:
    """Up to MOST addresses of the page; none where no row has one. `has_recipe` must hold."""
    if not page.parameters:
        return [Address(page, reverse(page.name)), *_with_queries(page)]
    recipe = RECIPES.get(page.name) or RECIPES_BY_PARAMETERS[page.parameters]
    found = []
    for variant, arguments in recipe():
        found.append(Address(page, reverse(page.name, kwargs=arguments), variant))
        if len(found) == MOST:
            break
    return [*found, *(more for each in found[:1] for more in _with_queries(page, path=each.path))]


def placeholder(page: Page) -> str:
    """An address of the page that leads to no row, made without looking at any."""
    nothing = ("0", "none", "00000000-0000-0000-0000-000000000000")
    for values in product(nothing, repeat=len(page.parameters)):
        with suppress(NoReverseMatch):
            return reverse(page.name, kwargs=dict(zip(page.parameters, values, strict=True)))
    raise NoReverseMatch(f"No placeholder fits the address of {page.name}.")


def _walk(resolver: URLResolver, *, prefix: str, parameters: tuple[str, ...]) -> Iterator[Page]:
    for entry in resolver.url_patterns:
        here = (*parameters, *entry.pattern.converters)
        if isinstance(entry, URLResolver):
            inside = f"{prefix}{entry.namespace}:" if entry.namespace else prefix
            yield from _walk(entry, prefix=inside, parameters=here)
        elif isinstance(entry, URLPattern) and entry.name:
            yield Page(name=f"{prefix}{entry.name}", parameters=here)


def _with_queries(page: Page, *, path: str = "") -> Iterator[Address]:
    for variant, query in QUERIES.get(page.name, ()):
        yield Address(page, f"{path or reverse(page.name)}?{query}", variant)


# --- Recipes: what addresses are made of, from what is in the database -----------------------------------------------
Recipe = Callable[[], Iterable[tuple[str, Arguments]]]


def _courses() -> Iterator[tuple[str, Arguments]]:
    for course in Course.objects.exclude(current_version=None).order_by("id").values_list("id", flat=True):
        yield "", {"course": course}


def _paths() -> Iterator[tuple[str, Arguments]]:
    for path in LearningPath.objects.filter(withdrawn_at=None).values_list("id", flat=True):
        yield "", {"path": path}


def _items() -> Iterator[tuple[str, Arguments]]:
    """A lesson, a quiz, an exercise, a reflection and a workshop of each course, where it has them."""
    for outline in catalogue.outlines():
        for kind in KINDS_FIRST:
            for item in [each for each in outline.items if each.item.kind == kind][:1]:
                module, slug = item.item.key.split("/", 1)
                yield str(kind), {"course": item.item.course_id, "module": module, "item": slug}


def _kits() -> Iterator[tuple[str, Arguments]]:
    return (("", arguments) for kind, arguments in _items() if kind == Item.Kind.WORKSHOP)


def _exercises() -> Iterator[tuple[str, Arguments]]:
    return (("", arguments) for kind, arguments in _items() if kind == Item.Kind.EXERCISE)


def _files() -> Iterator[tuple[str, Arguments]]:
    for _variant, arguments in _exercises():
        item = catalogue.item(arguments["course"], module=arguments["module"], slug=arguments["item"])
        assert item is not None  # noqa: S101 - it stands in the outline
        yield from (("", arguments | {"file": name}) for name in sorted(item.exercise.files))


def _figures() -> Iterator[tuple[str, Arguments]]:
    """The first figure of the first lesson that has one."""
    shown = ItemVersion.objects.filter(
        content__has_key="figures", module__course_version=F("item__course__current_version")
    )
    for lesson in shown.select_related("item").order_by("pk")[:1]:
        module, slug = lesson.item.key.split("/", 1)
        address = {"course": lesson.item.course_id, "module": module, "item": slug}
        yield "", address | {"file": f"{lesson.content['figures'][0]}.svg"}


def _submissions() -> Iterator[tuple[str, Arguments]]:
    """Of the learner whose pages are asked for: the newest with a mark that replaced another, the newest with the
    first mark, and the newest without one.
    """
    newest = Submission.objects.filter(learner=busiest_learner()).order_by("-submitted_at", "-pk")
    kinds = {
        "with history": newest.filter(marks__replaces__isnull=False),
        "marked": newest.filter(marks__isnull=False, marks__replaced_by=None),
        "not marked": newest.filter(marks=None),
    }
    for variant, found in kinds.items():
        if sent := found.first():
            yield variant, {"public_id": str(sent.public_id)}


def _rubrics() -> Iterator[tuple[str, Arguments]]:
    mine = Waiting.objects.filter(submission__learner=busiest_learner()).order_by("-pk")
    for waiting in mine.select_related("submission")[:1]:
        check = CheckMark.objects.filter(mark__submission=waiting.submission, points=None).latest("mark")
        yield "", {"public_id": str(waiting.submission.public_id), "check": check.slug}


def _receipts() -> Iterator[tuple[str, Arguments]]:
    """Of the first mark of each of these submissions."""
    for variant, arguments in _submissions():
        if variant != "not marked":
            yield variant, arguments | {"number": "1"}


def _reviews_asked() -> Iterator[tuple[str, Arguments]]:
    mine = Review.objects.filter(asked_by=busiest_learner()).order_by("-pk")
    for public_id in mine.values_list("mark__submission__public_id", flat=True)[:1]:
        yield "", {"public_id": str(public_id)}


def _open_reviews() -> Iterator[tuple[str, Arguments]]:
    """Of a mark that no person gave: then every trainer of the course may decide."""
    found = Review.objects.filter(decision=None, mark__given_by=None, mark__replaces=None).order_by("-pk")
    for public_id in found.values_list("mark__submission__public_id", flat=True)[:1]:
        yield "", {"public_id": str(public_id)}


def _organisations() -> Iterator[tuple[str, Arguments]]:
    """The largest of each kind."""
    for kind in Organisation.Kind:
        for code in Organisation.objects.filter(kind=kind).order_by("path").values_list("code", flat=True)[:1]:
            yield str(kind), {"code": code}


def _roles() -> Iterator[tuple[str, Arguments]]:
    """Of the first role that an organisation has written for itself, one that somebody administers."""
    own = CapabilityRole.objects.filter(organisation__path__startswith=_administered()).order_by("pk")
    own = own.select_related("organisation")
    for role in own[:1]:
        assert role.organisation is not None  # noqa: S101 - asked for above
        yield "", {"code": role.organisation.code, "role": role.pk}


def _role_levels() -> Iterator[tuple[str, Arguments]]:
    for _variant, arguments in _roles():
        for level in RoleLevel.objects.filter(role=arguments["role"]).values_list("pk", flat=True)[:1]:
            yield "", arguments | {"level": level}


def _assignments() -> Iterator[tuple[str, Arguments]]:
    """One of a team and one of an organisation."""
    asked = Assignment.objects.filter(ended_at=None).order_by("pk")
    for variant, found in (("of a team", asked.exclude(team_of=None)), ("of all", asked.filter(team_of=None))):
        for public_id in found.values_list("public_id", flat=True)[:1]:
            yield variant, {"assignment": str(public_id)}


def _asked_people() -> Iterator[tuple[str, Arguments]]:
    """Of the first team that is asked for something, whom that means."""
    for asked in Assignment.objects.filter(ended_at=None, organisation=None).order_by("pk")[:1]:
        posts = posts_meant(asked, on=timezone.localdate()).order_by("pk")
        for person in posts.values_list("person__public_id", flat=True)[:1]:
            yield "", {"assignment": str(asked.public_id), "person": str(person)}


def _direct_reports() -> Iterator[tuple[str, Arguments]]:
    """Of the demo's line manager; of anybody where there is no demo."""
    manager = demo.people_by_role().get("manager")
    posts = Membership.objects.filter(line_manager=manager) if manager else Membership.objects.all()
    named = posts.exclude(line_manager=None).order_by("person__full_name", "pk")
    for public_id in named.values_list("person__public_id", flat=True)[:1]:
        yield "", {"public_id": str(public_id)}


def _parts() -> Iterator[tuple[str, Arguments]]:
    """The first organisation that is a part of another one, one that somebody administers."""
    parts = Organisation.objects.exclude(parent=None).filter(path__startswith=_administered()).order_by("path")
    for code in parts.values_list("code", flat=True)[:1]:
        yield "", {"code": code}


def _administered() -> str:
    """The path of the first organisation that has an administrator; "" where none has."""
    grants = RoleGrant.objects.filter(role=Role.DEPARTMENT_ADMIN, ended_at=None).order_by("pk")
    return grants.values_list("organisation__path", flat=True).first() or ""


def _saved_views() -> Iterator[tuple[str, Arguments]]:
    for public_id in SavedView.objects.order_by("pk").values_list("public_id", flat=True)[:1]:
        yield "", {"view": str(public_id)}


def _certificates() -> Iterator[tuple[str, Arguments]]:
    for public_id in Certificate.objects.filter(learner=busiest_learner()).values_list("public_id", flat=True)[:1]:
        yield "", {"public_id": str(public_id)}


def _tokens() -> Iterator[tuple[str, Arguments]]:
    for public_id in AccessToken.objects.filter(user=busiest_learner()).values_list("public_id", flat=True)[:1]:
        yield "", {"public_id": str(public_id)}


def _stop_links() -> Iterator[tuple[str, Arguments]]:
    learner = busiest_learner()
    if learner:
        yield "", {"token": weekly_mail.token_of(learner)}


def _links() -> Iterator[tuple[str, Arguments]]:
    """One that never was: the page answers 410, after the same look at the database as for a good one."""
    yield "", {"token": "a-link-that-never-was-made-by-anybody-1234"}


def _records() -> Iterator[tuple[str, Arguments]]:
    """Of somebody who has had most posts."""
    posts = User.objects.annotate(posts=Count("memberships")).filter(posts__gt=0).order_by("-posts", "pk")
    for public_id in posts.values_list("public_id", flat=True)[:1]:
        yield "", {"public_id": str(public_id)}


def _further_posts() -> Iterator[tuple[str, Arguments]]:
    for post in Membership.objects.filter(is_main=False).select_related("person").order_by("pk")[:1]:
        yield "", {"public_id": str(post.person.public_id), "number": str(post.pk)}


def _grants() -> Iterator[tuple[str, Arguments]]:
    """Of the first viewer or administrator of an organisation that somebody administers."""
    grants = RoleGrant.objects.filter(organisation__path__startswith=_administered(), ended_at=None).order_by("pk")
    for pk in grants.values_list("pk", flat=True)[:1]:
        yield "", {"number": str(pk)}


def _imports() -> Iterator[tuple[str, Arguments]]:
    """The oldest, which somebody has looked at longest."""
    for public_id in PeopleImport.objects.order_by("pk").values_list("public_id", flat=True)[:1]:
        yield "", {"public_id": str(public_id)}


RECIPES: dict[str, Recipe] = {
    "account:use_link": _links,
    "account:revoke_token": _tokens,
    "account:stop_weekly_mail": _stop_links,
    "administrator:split": _parts,
    "administrator:close": _parts,
    "administrator:person": _records,
    "administrator:move": _records,
    "administrator:add_post": _records,
    "administrator:end_post": _further_posts,
    "administrator:end_grant": _grants,
    "administrator:line_manager": _records,
    "administrator:leave": _records,
    "administrator:import": _imports,
    "administrator:import_state": _imports,
    "certificates:genuine": _certificates,
    "certificates:pdf": _certificates,
    "certificates:withdraw": _certificates,
    "learner:figure": _figures,
    "learner:file": _files,
    "learner:notebook": _exercises,
    "learner:submission": _submissions,
    "learner:submission_state": _submissions,
    "learner:answer_file": _submissions,
    "learner:ask_review": _submissions,
    "learner:review_asked": _reviews_asked,
    "manager:direct_report": _direct_reports,
    "receipts:receipt": _receipts,
    "receipts:rerun_state": _receipts,
    "trainer:kit": _kits,
    "trainer:submission": _submissions,
    "trainer:override": _submissions,
    "trainer:decide_review": _open_reviews,
    "trainer:rubric": _rubrics,
    "api:file": _files,
    "api:marks": _submissions,
    "api:submission": _submissions,
}
RECIPES_BY_PARAMETERS: dict[tuple[str, ...], Recipe] = {
    ("course",): _courses,
    ("path",): _paths,
    ("course", "module", "item"): _items,
    ("code",): _organisations,
    ("code", "role"): _roles,
    ("code", "role", "level"): _role_levels,
    ("assignment",): _assignments,
    ("assignment", "person"): _asked_people,
    ("view",): _saved_views,
}
OF_REPORTS = ("manager:", "api:team", "api:department", "api:government")  # bench_reports holds these to its promise
FILES = (".csv", ".xlsx", ".pdf")
# page -> variants of it that an address's query makes
QUERIES: dict[str, tuple[tuple[str, str], ...]] = {
    "account:trail": (("everything", "show=everything"),),
    "administrator:unit": (("found", "q=a"),),
    "learner:catalogue": (("narrowed", "q=course&time=longer&time=1-hour"), ("nothing", "q=zebra&level=expert")),
    "learner:search": (("found", "q=audit"), ("nothing found", "q=zebra")),
    "manager:team": (("all skills", "skills=all"), ("gaps", "skills=gaps")),
    "manager:compare": (("of a skill", "skill=fairness"), ("by grade", "by=grade"), ("by profession", "by=profession")),
    "manager:department": (("of a grade", "people=grade:EO"),),
    "manager:figure": (("of a skill", "skill=fairness&of=none"),),
    "trainer:submissions": (("waiting", "show=waiting"), ("reviews", "show=reviews")),
}


def is_file(path: str) -> bool:
    """Whether it is a download: drawn or written as a whole, for somebody who asked for a file."""
    return path.partition("?")[0].endswith(FILES)
