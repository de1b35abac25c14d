"""Access tokens: a person's list, making one, and revoking one. The secret is on one page, once."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from upskill.people import rules, tokens
from upskill.people.models import TokenScope
from upskill.people.tokens import MOST_TOKENS, TooManyTokens
from upskill.web.allowed import HOUR, UsedUp, allowed, refused, sentence, spend
from upskill.web.person import signed_in

from .token_form import TokenForm, scope_name

MOST_CHANGES = 60  # in an hour by one person: tokens made and revoked


@never_cache
@require_safe
def token_list(request: HttpRequest) -> HttpResponse:
    """The tokens that work: what each may do, and when it was used last."""
    mine = tokens.live_tokens(signed_in(request), now=timezone.now())
    lines = [(token, [scope_name(TokenScope(scope)) for scope in token.scopes]) for token in mine]
    context = {"lines": lines, "is_full": len(lines) >= MOST_TOKENS, "most": MOST_TOKENS, "crumbs": _crumbs()}
    return render(request, "account/tokens.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_token(request: HttpRequest) -> HttpResponse:
    """The form, and once it is sent, the page with the secret. Nobody can open that page again."""
    person = signed_in(request)
    form = TokenForm(request.POST if request.method == "POST" else None, person=person)
    if form.is_valid():
        try:
            spend(request, "token", most=MOST_CHANGES, seconds=HOUR)
            new = tokens.issue_token(
                person,
                name=form.cleaned_data["name"],
                scopes=form.cleaned_data["scopes"],
                days=form.cleaned_data["days"],
                now=timezone.now(),
            )
        except TooManyTokens as refusal:
            form.add_error(None, str(refusal))
        except UsedUp as refusal:
            form.add_error(None, sentence(refusal))
            return refused(_form_page(request, form), seconds=refusal.seconds)
        else:
            made = {"token": new.token, "secret": new.secret, "crumbs": [*_crumbs(), _crumb_of_list()]}
            return render(request, "account/token_made.html", made)
    return _form_page(request, form)


def _form_page(request: HttpRequest, form: TokenForm) -> HttpResponse:
    context = {"form": form, "crumbs": [*_crumbs(), _crumb_of_list()]}
    return render(request, "account/token_new.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@allowed("token", most=MOST_CHANGES, seconds=HOUR)
def revoke_token(request: HttpRequest, *, public_id: UUID) -> HttpResponse:
    """Asks first; then the token no longer works."""
    token = tokens.live_token(public_id, now=timezone.now())
    if token is None:
        raise Http404
    rules.check_manage_token(signed_in(request), token=token)
    if request.method != "POST":
        context = {"token": token, "crumbs": [*_crumbs(), _crumb_of_list()]}
        return render(request, "account/token_revoke.html", context)
    tokens.revoke_token(token, by=signed_in(request), now=timezone.now())
    messages.success(request, _("“%(name)s” is revoked and no longer works.") % {"name": token.name})
    return redirect("account:tokens")


def _crumbs() -> list[tuple[str, str]]:
    return [(reverse("account:account"), _("Your account"))]


def _crumb_of_list() -> tuple[str, str]:
    return reverse("account:tokens"), _("Access tokens")
