"""How fast the engine marks, measured beside a bare fork and beside nbgrader in one run: `python -m grading bench`."""
