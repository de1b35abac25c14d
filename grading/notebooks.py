"""What reading an author's exercise needs of the engine, in one place.

Whoever reads answers imports `grading.answers` instead: it spares a web process the import of jupytext.
"""

from grading.checks import AuthorError, CheckSpec, checks, nbgrader_metadata
from grading.lint import unjudgeable
from grading.protocol import MOST_DATA_MB
from grading.release import release
from grading.scripts import ScriptError, read_script

__all__ = [
    "MOST_DATA_MB",
    "AuthorError",
    "CheckSpec",
    "ScriptError",
    "checks",
    "nbgrader_metadata",
    "read_script",
    "release",
    "unjudgeable",
]
