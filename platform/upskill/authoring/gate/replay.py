"""What the visible tests of an exercise ask the learner's functions for, found by running them behind the wall."""

import json
from collections.abc import Iterator
from textwrap import dedent

import nbformat

from grading.checks import gives_points, is_answer
from grading.protocol import Limits, TrialJob
from upskill.catalogue.course_files.shape import ExerciseContent
from upskill.marking.model_answer import without_marks

from .engines import Engines
from .trick_code import CALL_KEY
from .tricks import visible_part

_MARK = "calls of visible tests:"
_LISTENER = dedent("""\
    _calls, _listening = [], []

    def _listened(function):
        def instead(*given, **named):
            if _listening:
                _calls.append(_call_key(given, named))
            return function(*given, **named)
        return instead

    def _run(source):
        try:
            exec(source, globals())
        except BaseException:
            pass

    def _listen(before):
        import types
        for name, value in list(globals().items()):
            if name not in before and isinstance(value, types.FunctionType):
                globals()[name] = _listened(value)""")
_END = dedent(f"""\
    import json, sys
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")
    print("{_MARK}" + json.dumps(sorted(set(_calls))))""")
_MOST_CALLS = 500


def seen_calls(exercise: ExerciseContent, *, engines: Engines) -> list[str] | None:
    """How each call of a visible test looks, or None where that cannot be found out. Raises EngineFailed."""
    limits = Limits(**exercise.limits)
    job = TrialJob(code="\n".join(_code(exercise)), files=exercise.files, limits=limits)
    said = engines.trial(job).stdout.rpartition(_MARK)[2].split("\n")[0]
    try:
        calls = json.loads(said)
    except ValueError:
        return None
    return calls[:_MOST_CALLS] if isinstance(calls, list) and all(isinstance(call, str) for call in calls) else None


def _code(exercise: ExerciseContent) -> Iterator[str]:
    """The notebook with its solutions, which listens while a visible test runs."""
    yield f"{CALL_KEY}\n\n{_LISTENER}"
    for cell in nbformat.reads(exercise.source, as_version=4).cells:
        if cell.cell_type != "code":
            continue
        if is_answer(cell):
            yield f"_before = set(globals())\n_run({without_marks(cell.source)!r})\n_listen(_before)"
        elif gives_points(cell):
            yield f"_listening.append(1)\n_run({visible_part(cell.source)!r})\n_listening.clear()"
        else:
            yield f"_run({cell.source!r})"
    yield _END
