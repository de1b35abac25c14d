"""Files to download. A browser that opens one all the same runs nothing in it: what people send may hold anything."""

from pathlib import PurePath

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.text import slugify

from upskill.learning.models import Submission

NOTEBOOK, DATA = "application/x-ipynb+json", "application/octet-stream"
A_YEAR_SECONDS = 365 * 24 * 60 * 60
MOST_DOWNLOADS = 300  # in an hour, of one person
FIGURE = "image/svg+xml"
HEADERS = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def attachment(content: bytes, *, name: str, type_: str) -> HttpResponse:
    """The file, for the browser's download folder and never for a tab."""
    disposition = content_disposition_header(as_attachment=True, filename=name)
    return HttpResponse(content, content_type=type_, headers={**HEADERS, "Content-Disposition": disposition})


def figure(content: bytes) -> HttpResponse:
    """A picture of a lesson, for an image of our page. It is kept for good, as its address is that of these bytes; by
    the browser alone, because only those who take the course may see it. Opened by itself it runs nothing either.
    """
    policy = f"{HEADERS['Content-Security-Policy']}; style-src 'unsafe-inline'"
    headers = {
        **HEADERS, "Content-Security-Policy": policy, "Cache-Control": f"private, max-age={A_YEAR_SECONDS}, immutable"
    }  # fmt: skip
    return HttpResponse(content, content_type=FIGURE, headers=headers)


def name_of_answer(sent: Submission, *, with_person: bool) -> str:
    """What the file of a submission is called: exercise, perhaps its learner, attempt. Plain letters only."""
    exercise = slugify(PurePath(sent.exercise.filename).stem) or "answer"
    person = (slugify(sent.learner.full_name)[:60] or str(sent.public_id)[:8]) if with_person else ""
    return "-".join(filter(None, [exercise, person, f"attempt-{sent.attempt}"])) + ".ipynb"
