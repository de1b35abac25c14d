"""Looks for keys and passwords in tracked files: python -m tests.safety.secrets [FILE...]

Exit status 1 names each finding that is not in .secrets.baseline. What stands there has been looked at: invented keys
of tests and examples. To accept another: detect-secrets scan --baseline .secrets.baseline FILE, and say why.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.repository.tree import NOT_OURS, ROOT, tracked

BASELINE = ".secrets.baseline"
DIGESTS = (  # of triggers in migrations, of files in manifests, of exercises' data
    r'hash="[0-9a-f]{40}"|"sha256": "[0-9a-f]{64}"|\.\w+: "?[0-9a-f]{64}'
)
CLEAN, MOVED = 0, 3  # MOVED: what is known stands on another line now


def main(named: list[str]) -> int:
    """The exit status; what is found is printed."""
    files = named or [path for path in tracked() if not path.startswith(NOT_OURS) and path != BASELINE]
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(shutil.copy(ROOT / BASELINE, folder))  # the program rewrites the lines in it
        hook = f"{sys.prefix}/bin/detect-secrets-hook"
        command = [hook, "--baseline", str(copy), "--exclude-lines", DIGESTS, *files]
        status = subprocess.run(command, cwd=ROOT, check=False).returncode
    return CLEAN if status in {CLEAN, MOVED} else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
