"""A demo learner who works over plain HTTP: takes the course, downloads, hands in, waits for the mark."""

import io
import re
from typing import Any

from tests.running import RunningSite, Visitor, hidden_value, wait_until

COURSE = "/courses/ai-ethics-in-practice/"
EXERCISE = f"{COURSE}bias-audits/audit-referrals/"
WAITING = {"queued", "running"}


class DemoLearner(Visitor):
    """Signed in through the demo page and enrolled."""

    def __init__(self, site: RunningSite, *, role: str = "learner") -> None:
        super().__init__(site)
        self.enter(role)
        self.post(f"{COURSE}enrol/", form_page=COURSE, data={})

    def enter(self, role: str) -> None:
        """Sign in."""
        self.post("/demo/sign-in/", form_page="/demo/", data={"role": role})

    def release(self) -> bytes:
        """The notebook as downloaded."""
        return self.get(f"{EXERCISE}notebook.ipynb").content

    def hand_in(self, content: bytes) -> str:
        """The id of the submission that this file became."""
        key = self.form_key()
        answer = self.post(
            f"{EXERCISE}submit/",
            form_page=EXERCISE,
            data={"idempotency_key": key},
            files={"notebook": ("answer.ipynb", io.BytesIO(content), "application/x-ipynb+json")},
        )
        assert "/submissions/" in answer.url, answer.text
        return answer.url.rstrip("/").rsplit("/", 1)[1]

    def form_key(self) -> str:
        """The key that makes sending the same form twice harmless."""
        return hidden_value(self.get(EXERCISE).text, name="idempotency_key")

    def state(self, submission: str) -> dict[str, Any]:
        """What the API says of a submission now."""
        answer: dict[str, Any] = self.get(f"/api/v1/submissions/{submission}/").json()
        return answer

    def marked(self, submission: str, *, seconds: float = 60) -> dict[str, Any]:
        """The same, once marking is over. Asks once a second: the API answers 120 requests a minute."""
        assert wait_until(lambda: self.state(submission)["state"] not in WAITING, seconds=seconds, pause=1)
        return self.state(submission)


class MailedLearner(DemoLearner):
    """Somebody of the demo without a demo account of their own: signed in by the link in a mail, and enrolled."""

    def enter(self, email: str) -> None:
        """Sign in."""
        link = re.compile(rf"{re.escape(self.site.url)}(/sign-in/[\w-]{{20,}}/)")
        known = set(link.findall(self.site.log("housekeeper")))
        self.post("/sign-in/", form_page="/sign-in/", data={"email": email})
        assert wait_until(lambda: set(link.findall(self.site.log("housekeeper"))) - known != set(), seconds=60)
        [path] = set(link.findall(self.site.log("housekeeper"))) - known
        self.post(path, form_page=path, data={})
