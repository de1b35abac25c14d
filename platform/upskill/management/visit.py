"""Somebody who visits the running service over HTTP as people do: follows forms, keeps cookies."""

import html
import re
import urllib.parse
from typing import Any

import requests

from upskill.core.redaction import without_tokens

SECONDS = (5, 30)  # to connect, and to answer


class CheckFailed(Exception):
    """The service does not do what it is for. The message is one sentence with the reason, and the cure."""


class Visit:
    """One visit to the site at `url`, as whoever holds what this session is given."""

    def __init__(self, url: str) -> None:
        self.url = self.origin = url.rstrip("/")
        self.session = requests.Session()
        if re.match(r"https?://(127\.0\.0\.1|localhost|\[::1\])(:|/|$)", url):
            self.session.trust_env = False  # no proxy leads to this machine itself

    def as_the_proxy(self) -> None:
        """From now on say to a site behind a proxy what the proxy would: that the visitor came over https."""
        self.session.headers["X-Forwarded-Proto"] = "https"
        self.origin = self.url.replace("http:", "https:", 1)

    def ask(self, path: str) -> requests.Response:
        """The answer to GET, whatever it is. Raises CheckFailed where there is none."""
        return self._send("GET", path)

    def page(self, path: str) -> str:
        """The text of a page that must be there. Raises CheckFailed."""
        return _good(self.ask(path)).text

    def send_form(self, path: str, *, on_page: str, data: dict[str, str] | None = None, files: Any = None) -> str:
        """Send the form to `path` with the token from a page's text; gives the path that the answer leads to.

        Raises CheckFailed, with what the page says beside the field where it refuses.
        """
        sent = {"csrfmiddlewaretoken": hidden_value(on_page, name="csrfmiddlewaretoken"), **(data or {})}
        answer = self._send("POST", path, data=sent, files=files, headers={"Referer": self.origin + path})
        if answer.is_redirect:
            return urllib.parse.urlsplit(answer.headers["Location"]).path
        refusal = re.search(r'class="govuk-error-message"[^>]*>(.*?)</p>', answer.text, re.DOTALL)
        if refusal:
            words = " ".join(html.unescape(re.sub(r"<[^>]+>", "", refusal[1])).removeprefix("Error:").split())
            raise CheckFailed(f"The site refuses what was sent: {words}")
        _good(answer)
        raise CheckFailed(f"The site does not take the form of {without_tokens(path)}. Its log says why.")

    def put(self, path: str, *, token: str, body: dict[str, Any]) -> requests.Response:
        """The API's answer to what a page's script sends, with the token from that page. Raises CheckFailed."""
        headers = {"Referer": self.origin + path, "X-CSRFToken": token}
        return self._send("PUT", path, json=body, headers=headers)

    def _send(self, method: str, path: str, **more: Any) -> requests.Response:
        for cookie in self.session.cookies:
            cookie.secure = cookie.secure and self.origin == self.url  # the proxy brings them over http
        try:
            return self.session.request(method, self.url + path, timeout=SECONDS, allow_redirects=False, **more)
        except requests.exceptions.SSLError as problem:
            raise CheckFailed(f"{self.url} has no certificate that this machine trusts. Put that right.") from problem
        except requests.exceptions.Timeout as problem:
            raise CheckFailed(f"{self.url} does not answer in time. Look at the log of web.") from problem
        except (requests.exceptions.RequestException, UnicodeError) as problem:
            raise CheckFailed(
                f"Nothing answers at {self.url}. Start the service, or name its address with --url."
            ) from problem


def hidden_value(page: str, *, name: str) -> str:
    """The value of a page's hidden field. Raises CheckFailed where it has none."""
    field = re.search(rf'<input[^>]*\bname="{name}"[^>]*>', page)
    value = re.search(r'\bvalue="([^"]*)"', field[0]) if field else None
    if value is None:
        raise CheckFailed(f"A page of the site lacks its field {name}. Does another program answer there?")
    return html.unescape(value[1])


def _good(answer: requests.Response) -> requests.Response:
    path = urllib.parse.urlsplit(answer.url).path
    shown = without_tokens(path)
    if answer.status_code == 400:
        host = urllib.parse.urlsplit(answer.url).hostname
        raise CheckFailed(f"The site does not answer to the name {host}. Add it to ALLOWED_HOSTS, or change --url.")
    if answer.is_redirect and answer.headers["Location"].startswith("https://") and answer.url.startswith("http://"):
        raise CheckFailed("The site wants to be visited over https. Give its address with --url https://...")
    if answer.is_redirect:
        raise CheckFailed(f"{shown} leads somewhere else instead of showing its page. Is the session kept?")
    if answer.status_code >= 400:
        number = answer.headers.get("X-Request-ID", "")
        raise CheckFailed(f"{shown} answers {answer.status_code}. The log has more, under request id {number}.")
    return answer
