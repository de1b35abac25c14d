"""A new course and a new exercise, each a small real example that passes the gate as it is.

What is written lies in `course/` and `exercise/`, each file with .txt behind its name: nothing here runs it.
"""
