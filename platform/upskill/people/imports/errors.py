"""What can be wrong with a row, in words: what, and how it is mended. `detail` is what the row said, in short."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Found while the file is read, so that judging it anew keeps them.
READING: dict[str, tuple[Promise, Promise]] = {
    "cells": (_("The row has more cells than the heading."), _("Take out what stands behind the last column.")),
    "formula": (_("“{detail}” holds a formula."), _("Give the value itself, without =, +, - or @ in front.")),
    "unprintable": (_("“{detail}” holds characters that cannot be printed."), _("Type it anew.")),
    "too_long": (_("“{detail}” is too long."), _("Shorten it.")),
    "missing": (_("“{detail}” is empty."), _("Fill it in.")),
    "staff_number": (_("The staff number “{detail}” is none."), _("Use letters, digits, dots, dashes and slashes.")),
    "email": (_("The e-mail address “{detail}” is none."), _("Give one such as name@department.gov.uk.")),
    "email_domain": (
        _("The e-mail address {detail} is on no domain from which people may sign in."),
        _("Give their work address, or ask the people who run this service to allow the domain."),
    ),
    "day": (_("“{detail}” is no day."), _("Write it as 2026-11-27 or 27/11/2026, from 1950 to a year ahead.")),
    "role": (_("There is no role level “{detail}”."), _("Give the code of one, or leave it empty.")),
    "persona": (_("There is no persona “{detail}”."), _("Give the code of one, or leave it empty.")),
    "own_manager": (_("The person is their own line manager."), _("Name somebody else, or nobody.")),
}
# Found beside the other rows and what is known.
JUDGING: dict[str, tuple[Promise, Promise]] = {
    "number_twice": (_("The staff number {detail} stands in more than one row."), _("Keep one of them.")),
    "email_twice": (_("The e-mail address {detail} stands in more than one row."), _("Each person has their own.")),
    "email_taken": (
        _("Another account has the e-mail address {detail}."),
        _("Correct it, or that person's row first."),
    ),
    "person_erased": (_("The account of staff number {detail} was erased."), _("Give a new staff number.")),
    "no_organisation": (_("There is no organisation {detail} now."), _("Give the code of one, or add it first.")),
    "organisation_ended": (
        _("The organisation {detail} has ended since the day of the post, which would go on in it."),
        _("Give the code of the one in which its work goes on."),
    ),
    "organisation_outside": (_("The organisation {detail} is not yours to change."), _("Take the row out.")),
    "person_outside": (
        _("The staff number {detail} is in use outside your organisation."),
        _("Ask the people who run this service to move the person."),
    ),
    "email_of_role_holder": (
        _("{detail} has access to more than their own record, so their address is not yours to change."),
        _("Ask the people who run this service."),
    ),
    "day_outside": (
        _("On that day {detail} works outside your organisation."),
        _("Give a day on which they work in it."),
    ),
    "post_there": (_("The person has a further post in {detail}."), _("End that first.")),
    "head_twice": (_("Two rows lead the organisation {detail}."), _("Keep one of them.")),
    "no_manager": (_("Nobody has the line manager's staff number {detail}."), _("Correct it, or add their row.")),
    "manager_yourself": (
        _("You would become the line manager of this person, and see their levels."),
        _("Ask another administrator to do this."),
    ),
    "manager_left": (_("The line manager {detail} has left."), _("Name somebody else, or nobody.")),
    "manager_outside": (_("The line manager {detail} is outside your organisation."), _("Leave it empty.")),
    "manager_in_error": (_("The row of the line manager {detail} has an error."), _("Mend that row first.")),
    "circle": (_("The person would be their own line manager in the end, over {detail}."), _("Break the circle.")),
}


def in_words(code: str, *, detail: str) -> tuple[str, str]:
    """What is wrong and how to mend it."""
    what, cure = (READING | JUDGING)[code]
    return str(what).replace("{detail}", detail), str(cure)
