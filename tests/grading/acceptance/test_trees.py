"""Whether a change of files shows."""

import os

from grading.acceptance.trees import digest


def test_a_change_that_hides_its_time_and_size_shows(tmp_path):
    file = tmp_path / "below" / "module.py"
    file.parent.mkdir()
    file.write_text("one")
    before, times = digest(tmp_path, deep=True), file.stat()

    file.write_text("two")
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))

    assert digest(tmp_path, deep=True) != before


def test_a_new_file_shows_and_reading_does_not(tmp_path):
    (tmp_path / "a.py").write_text("one")
    before = digest(tmp_path, deep=False)

    (tmp_path / "a.py").read_text()
    same = digest(tmp_path, deep=False)
    (tmp_path / "evil.pth").write_text("import os")

    assert same == before
    assert digest(tmp_path, deep=False) != before
