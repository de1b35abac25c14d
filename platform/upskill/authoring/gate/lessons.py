"""Lessons: whether they can be read in their time, by their reader, and say what they are for; and prompts of
reflections, whether they can be read and answered so."""

import math

from upskill.authoring.places import line_of_key
from upskill.catalogue.course_files.shape import ItemContent

from .reading_age import age, count_of_words, grade, prose_of
from .remarks import Remarks

MINUTES = range(5, 13)
WORDS_A_MINUTE = (100, 200)  # with time to try the challenges; a steady reader of plain text reads some 200
WRITTEN_A_MINUTE = 30  # words, by somebody who knows what to write
_OLDEST = 14
_MOST_GRADE = 9.5  # what rounds to 14 years


def check_lesson(lesson: ItemContent, *, remarks: Remarks) -> None:
    """Note what makes a lesson too long for its time, too hard, or aimless."""
    _check_time(lesson, remarks=remarks)
    check_reading_age(lesson, remarks=remarks)
    if not names_objective(lesson):
        cure = "Begin it with ::: objectives and a list of what readers can do afterwards."
        remarks.mistakes.add(lesson.file, line=1, problem="The lesson names no objective.", cure=cure)


def check_reflection(reflection: ItemContent, *, remarks: Remarks) -> None:
    """Note what makes a prompt too hard to read, or asks for more words than there is time to write."""
    check_reading_age(reflection, remarks=remarks)
    words, most = count_of_words(prose_of(reflection.page["html"])), reflection.page["words"]
    least = math.ceil(words / WORDS_A_MINUTE[1] + most / WRITTEN_A_MINUTE)
    if reflection.minutes < least:
        problem = f"To read {words} words and write {most} takes longer than {reflection.minutes} minutes."
        cure = f"Give at least {least} minutes, or ask for fewer words."
        line = line_of_key(reflection.file, "minutes")
        remarks.mistakes.add(reflection.file, line=line, problem=problem, cure=cure)


def check_reading_age(item: ItemContent, *, remarks: Remarks) -> None:
    """Note a lesson, a prompt or a workshop that is too hard to read."""
    text = prose_of(item.page["html"])
    if grade(text) > _MOST_GRADE:
        problem = f"The {item.kind} reads at an age of about {age(text)} (Flesch-Kincaid grade {grade(text):.1f})."
        cure = f"Shorten sentences and choose plainer words, to an age of about {_OLDEST}."
        remarks.advice.add(item.file, line=1, problem=problem, cure=cure)


def names_objective(item: ItemContent) -> bool:
    """Whether a lesson or workshop says what its readers can do afterwards."""
    return '<section class="prose-objectives">' in item.page["html"]


def _check_time(lesson: ItemContent, *, remarks: Remarks) -> None:
    words = count_of_words(prose_of(lesson.page["html"]))
    line = line_of_key(lesson.file, "minutes")
    least, most = WORDS_A_MINUTE
    if lesson.minutes not in MINUTES:
        problem = f"The lesson takes {lesson.minutes} minutes. People keep to lessons of {MINUTES[0]} to {MINUTES[-1]}."
        remarks.advice.add(lesson.file, line=line, problem=problem, cure="Split the lesson, or join two.")
    if not least * lesson.minutes <= words <= most * lesson.minutes:
        problem = f"The lesson has {words} words for {lesson.minutes} minutes: {words / lesson.minutes:.0f} a minute."
        cure = f"Give the minutes that it takes at {least} to {most} words a minute, or change the text."
        remarks.mistakes.add(lesson.file, line=line, problem=problem, cure=cure)
