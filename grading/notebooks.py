"""Everything about notebooks that callers of the engine need, in one place."""

from grading.answers import AnswerRefused, is_unchanged, merge, read_answer
from grading.checks import AuthorError, CheckSpec, checks, read_source
from grading.release import release
from grading.scripts import ScriptError, read_script

__all__ = [
    "AnswerRefused",
    "AuthorError",
    "CheckSpec",
    "ScriptError",
    "checks",
    "is_unchanged",
    "merge",
    "read_answer",
    "read_script",
    "read_source",
    "release",
]
