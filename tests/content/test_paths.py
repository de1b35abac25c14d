"""The paths that ship: for whom they are, and what they take, as the curriculum says."""

import pytest

from tests.content.library import library
from upskill.web.templatetags.words import AUDIENCES

PATHS = library().paths


def test_paths_are_those_of_the_curriculum():
    assert {path.id: [f"{step.course}/{step.module}".rstrip("/") for step in path.steps] for path in PATHS} == {
        "new-recruit": ["first-90-days", "ai-foundations", "ai-ethics-in-practice"],
        "existing-staff": ["first-90-days/where-ai-meets-your-job", "ai-foundations", "ai-ethics-in-practice"],
        "analyst": ["python-and-data", "ai-foundations/learning-from-examples", "ai-ethics-in-practice"],
        "manager": [
            "ai-foundations/what-ai-is",
            "ai-foundations/right-tool-for-the-job",
            "ai-foundations/lawful-safe-fair",
            "ai-ethics-in-practice/oversight",
            "ai-ethics-in-practice/governance",
        ],
    }


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.id)
def test_path_says_for_whom_it_is_and_why_each_step_stands_there(path):
    assert [word for word in path.audience if word not in AUDIENCES] == []
    assert [step for step in path.steps if not 5 <= len(step.why.split()) <= 25 or not step.why.endswith(".")] == []
