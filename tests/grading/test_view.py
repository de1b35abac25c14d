"""Which folders of the machine learner code sees: nobody knows where somebody keeps their data."""

from grading.sandbox import view


def test_a_job_sees_no_folders_but_the_systems_and_those_that_python_needs(inside, claimed):
    seen = inside("""
        import os
        folders = [name for name in os.listdir('/') if os.path.isdir('/' + name) and os.access('/' + name, os.R_OK)]
        told = [name for name in folders if os.listdir('/' + name)]
        """)

    needed = {path.parts[1] for path in view.python_folders()}
    assert "files" not in claimed or set(seen) <= view.SYSTEM | needed | {"tmp"}
