"""Reads courses as files. Knows no Django: text in, frozen dataclasses out, or every mistake with its file, line and cure.

`library.read_library` reads a folder of courses, `course.read_course` one course.
"""
