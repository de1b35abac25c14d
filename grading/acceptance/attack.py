"""Every case of the given folders against the engine, each on clean ground."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from grading.acceptance import notebook_cases, sandbox_cases, stock
from grading.acceptance.arena import Arena
from grading.acceptance.fields import FolderProblem
from grading.acceptance.ground import Ground
from grading.acceptance.manifest import Folder, read_folders
from grading.acceptance.report import Report, Result
from grading.acceptance.worker import OUR_ENGINE, Worker


def attack(
    path: Path,
    *,
    beside_stock: bool = False,
    only: tuple[str, ...] = (),
    subject: str = OUR_ENGINE,
    say: Callable[[Result], None] = lambda result: None,
) -> Report:
    """Run the cases at or below `path`, those whose id begins with one of `only` where given.

    Calls `say` after each. `subject` names what makes the engine. Raises FolderProblem, StockRefused, SandboxRefused
    and, when the engine cannot be started at all, WorkerLost.
    """
    folders = [_chosen(folder, only=only or ("",)) for folder in read_folders(path)]
    if not any(folder.sandbox or folder.notebooks for folder in folders):
        raise FolderProblem(f"No case in {path} has an id that begins with {' or '.join(only)}.")
    if beside_stock and any(folder.notebooks for folder in folders):
        stock.check()
    report = Report(problems=[problem for folder in folders for problem in folder.problems])
    sys.dont_write_bytecode = True  # a module first imported during a case would look like the case's doing
    with Arena() as arena:
        worker = Worker(subject=subject, environment=arena.secrets(), folder=arena.folder / "worker")
        try:
            ground = Ground(arena, worker)
            for folder in folders:
                for result in _results(folder, ground=ground, beside_stock=beside_stock):
                    report.results.append(result)
                    say(result)
        finally:
            worker.stop()
        report.isolation = ground.isolation
        report.afterwards = ground.last_words()
    return report


def _chosen(folder: Folder, *, only: tuple[str, ...]) -> Folder:
    return replace(
        folder,
        sandbox=tuple(case for case in folder.sandbox if case.id.startswith(only)),
        notebooks=tuple(case for case in folder.notebooks if case.id.startswith(only)),
    )


def _results(folder: Folder, *, ground: Ground, beside_stock: bool) -> Iterator[Result]:
    for sandbox_case in folder.sandbox:
        yield sandbox_cases.run(sandbox_case, ground=ground)
    for notebook_case in folder.notebooks:
        yield notebook_cases.run(notebook_case, ground=ground, beside_stock=beside_stock)
