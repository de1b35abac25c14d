"""Reads courses as files, without Django: frozen dataclasses, or every mistake with its file, line and cure.

`library.read_library` reads a folder of courses, `course.read_course` one course.
"""
