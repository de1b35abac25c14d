"""Acceptance: attacks and honest work from folders never seen before, judged from outside the engine.

Nothing here is used to mark. `grading/commands` holds the commands that call it.
"""
