"""What the browser's Python does with compiled modules, tried in a Python of this machine's own."""

import subprocess
import sys
from pathlib import Path

from upskill.browser_runtime import manifest

TRY = """
import marshal, sys
from pathlib import Path
sys.path[:0] = sys.argv[1:3]
import precompiled
precompiled.LIBRARY = sys.argv[1]
pack = {"known": "place = 'compiled'", "learners": "place = 'compiled'"}
codes = {name: marshal.dumps(compile(text, name, "exec")) for name, text in pack.items()}
Path("pack").write_bytes(marshal.dumps(codes))
precompiled.add("pack")
import known, other, learners
print(known.place, other.place, learners.place, Path("pack").exists())
"""


def test_modules_of_the_library_are_taken_and_no_others(tmp_path: Path):
    library, learners = tmp_path / "library", tmp_path / "learners"
    for folder, names in ((library, ["known", "other"]), (learners, ["learners"])):
        folder.mkdir()
        for name in names:
            (folder / f"{name}.py").write_text("place = 'source'")
    (library / "precompiled.py").write_text(manifest.OWN.with_name("precompiled.py").read_text())
    command = [sys.executable, "-I", "-B", "-c", TRY, str(library), str(learners)]

    said = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)

    assert (said.stdout, said.stderr) == ("compiled source source False\n", "")
