"""Certificates: a learner makes one, keeps it as a PDF, and takes it back; whoever has its address reads it."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from upskill.catalogue import queries as catalogue
from upskill.catalogue.queries import Outline
from upskill.skills import certificates, rules, services
from upskill.skills.certificates import Genuine
from upskill.skills.models import Certificate
from upskill.web.account.visitors import site_address
from upskill.web.allowed import HOUR, allowed
from upskill.web.downloads import attachment
from upskill.web.learner.lines import item_line
from upskill.web.person import signed_in

from . import sheet

MOST_CHANGES = 30  # in an hour by one person: made and taken back
MOST_LOOKS = 300  # in an hour from one person or one network
MOST_SHEETS = 60  # in an hour by one person: each takes a third of a second of work


@dataclass(frozen=True)
class Own:
    """One of the learner's certificates: its address, and whether it still holds."""

    certificate: Certificate
    address: str
    holds: bool


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@allowed("certificate", most=MOST_CHANGES, seconds=HOUR)
def certificate(request: HttpRequest, *, course: str) -> HttpResponse:
    """What a certificate of the newest version says, or what it still needs; and those that the learner has made."""
    outline, learner = catalogue.outline(course), signed_in(request)
    if outline is None:
        raise Http404
    if request.method == "POST":
        services.issue_certificate(learner, outline=outline, now=timezone.now())
        messages.success(request, _("Your certificate is made. Nobody has its address until you give it to them."))
        return redirect("certificates:certificate", course)
    made = list(certificates.certificates_of(learner, course=course))
    lacking = certificates.missing(learner, outlines=[outline, *_others(made, newest=outline)])
    needed = lacking[outline.version.pk]
    context = {
        "version": outline.version,
        "own": [Own(each, _address(request, each), holds=not lacking[each.course_version_id]) for each in made],
        "has_newest": any(each.course_version_id == outline.version.pk for each in made),
        "facts": None if needed or not outline.required else certificates.facts(learner, outline=outline),
        "lacking": [item_line(item, done=set()) for item in needed],
        "crumbs": _way_to_course(outline),
    }
    return render(request, "certificates/certificate.html", context)


@login_not_required
@never_cache
@require_safe
@allowed("read certificate", most=MOST_LOOKS, seconds=HOUR, reading=True)
def genuine(request: HttpRequest, *, public_id: UUID) -> HttpResponse:
    """For whoever has the address: that the certificate is genuine, and what it says. Search engines leave it out."""
    found = certificates.genuine(public_id)
    if found is None:
        answer = render(request, "certificates/none.html", {"crumbs": []}, status=404)
    else:
        current = found.certificate.course_version.course.current_version
        context = {"certificate": found.certificate, "facts": found.facts, "crumbs": []}
        context["newer"] = current if current != found.certificate.course_version else None
        answer = render(request, "certificates/genuine.html", context)
    answer["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return answer


@never_cache
@require_safe
@allowed("certificate sheet", most=MOST_SHEETS, seconds=HOUR, reading=True)
def pdf(request: HttpRequest, *, public_id: UUID) -> HttpResponse:
    """The learner's certificate as a PDF. Raises NotFinished where it no longer holds."""
    own = _own_certificate(request, public_id=public_id)
    [outline] = catalogue.outlines_of_versions([own.course_version_id])
    certificates.check_finished(own.learner, outline=outline)
    found = Genuine(own, certificates.facts(own.learner, outline=outline))
    content = sheet.pdf(found, address=_address(request, own), now=timezone.now())
    return attachment(content, name=f"certificate-{own.course_version.course_id}.pdf", type_="application/pdf")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@allowed("certificate", most=MOST_CHANGES, seconds=HOUR)
def withdraw(request: HttpRequest, *, public_id: UUID) -> HttpResponse:
    """Asks first; then the address leads nowhere."""
    own = _own_certificate(request, public_id=public_id)
    course = own.course_version
    page = reverse("certificates:certificate", args=[course.course_id])
    if request.method != "POST":
        context = {"certificate": own, "version": course, "back": page, "crumbs": [(page, _("Certificate"))]}
        return render(request, "certificates/withdraw.html", context)
    services.withdraw_certificate(own, by=signed_in(request), now=timezone.now())
    messages.success(request, _("Your certificate is withdrawn. Its address leads nowhere from now on."))
    return redirect(page)


def _own_certificate(request: HttpRequest, *, public_id: UUID) -> Certificate:
    found = certificates.certificate(public_id)
    if found is None:
        raise Http404
    rules.check_own_certificate(signed_in(request), certificate=found)
    return found


def _others(made: list[Certificate], *, newest: Outline) -> list[Outline]:
    """The versions, beside the newest, of which there are certificates. Three queries, or none."""
    others = {each.course_version_id for each in made} - {newest.version.pk}
    return catalogue.outlines_of_versions(others) if others else []


def _address(request: HttpRequest, certificate: Certificate) -> str:
    return f"{site_address(request)}{reverse('certificates:genuine', args=[certificate.public_id])}"


def _way_to_course(outline: Outline) -> list[tuple[str, str]]:
    course = outline.version
    return [
        (reverse("learner:catalogue"), _("Courses")),
        (reverse("learner:course", args=[course.course_id]), course.title),
    ]
