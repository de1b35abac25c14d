"""An engine without a wall, which believes whatever code says of itself: what attacks must be seen to break."""

import json
import subprocess
import sys
import tempfile

from grading.protocol import CheckResult, CheckStatus, Job, Outcome, Trial, TrialJob, Verdict

# No pair waits here, so plain answers, three after each case, would do nothing but load libraries for seconds.
WITHOUT_LIBRARIES = "import sys; sys.modules.update(pandas=None, sklearn=None)"


class Unconfined:
    """Runs everything as the worker itself would."""

    def start(self):
        """Nothing to start."""

    def close(self):
        """Nothing to stop."""

    def trial(self, job: TrialJob) -> Trial:
        """Plain Python."""
        text, code = run(job.code)
        state = "done" if code in (0, 1) else f"signal_{-code}" if code < 0 else f"exit_{code}"
        shown = [{"output_type": "stream", "name": "stdout", "text": text}]
        return Trial(state=state, outputs=json.dumps(shown), stdout=text, result_bytes=len(text), mode="none")

    def mark(self, job: Job) -> Verdict:
        """Full points when the answer with the check below it ends with 0."""
        check = next(cell for cell in json.loads(job.source)["cells"] if cell["metadata"]["nbgrader"]["grade"])
        answer = "\n".join(source(each) for each in json.loads(job.answer)["cells"] if each["cell_type"] == "code")
        _, code = run(f"{answer}\n{source(check)}")
        status, points = (CheckStatus.FAILED, 0.0) if code else (CheckStatus.PASSED, 1.0)
        result = CheckResult(check="check", status=status, points=points, max_points=1.0)
        return Verdict(job_id=job.job_id, outcome=Outcome.MARKED, checks=(result,))

    def feedback(self, outputs: str) -> str:
        """Whatever the code wrote."""
        return "".join(output.get("text", "") for output in json.loads(outputs))


def source(cell):
    """A cell's text."""
    return "".join(cell["source"])


def run(code):
    """What the code prints and how it ends, in an empty folder."""
    with tempfile.TemporaryDirectory() as folder:
        ran = subprocess.run(
            [sys.executable, "-c", f"{WITHOUT_LIBRARIES}\n{code}"],
            capture_output=True, text=True, cwd=folder, check=False,
        )  # fmt: skip
    return ran.stdout + ran.stderr, ran.returncode
