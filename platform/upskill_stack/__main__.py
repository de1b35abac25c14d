"""`python -m upskill_stack run` is ./run; `python -m upskill_stack with COMMAND...` is how ./test runs pytest."""

import signal
import subprocess
import sys
from pathlib import Path

from upskill_stack import demo, services, site_programs
from upskill_stack.problems import StackProblem


def main(arguments: list[str]) -> int:
    """The exit status: 1 when the stack could not start, with the reason on standard error."""
    data = site_programs.data_folder()
    try:
        match arguments:
            case ["run"]:
                return demo.run(data)
            case ["with", *command] if command:
                return _run_with_servers(command, data)
    except StackProblem as problem:
        print(problem, file=sys.stderr)
        return 1
    print(__doc__, file=sys.stderr)
    return 2


def _run_with_servers(command: list[str], data: Path) -> int:
    """Run a command as ./test does: servers of its own data folder that need not survive a power cut."""
    with services.running(data, durable=False) as addresses:
        environment = site_programs.site_environment(addresses, data=data)
        child = subprocess.Popen(command, env=environment)
        signal.signal(signal.SIGINT, lambda *_: None)  # Ctrl-C reaches the command by itself; we wait for its end
        signal.signal(signal.SIGTERM, lambda *_: child.terminate())
        return child.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
