"""What an audit entry says to the person whose record it concerns: one plain sentence for each event.

The words in braces are filled in by trail_subjects.py; one that it cannot find out has its plain words in UNKNOWN.
A look at somebody's record says as what it was: that is the only reason for which it is allowed.
"""

from typing import Any

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

WORDS: dict[str, Promise] = {
    # what others looked at
    "submission.viewed": _("{who} opened {answer}, as a trainer of {course}."),
    "levels.viewed": _("{who} looked at the levels you have reached, as your line manager."),
    "level_sources.viewed": _(
        "{who} looked at the levels you have reached and the assessments they rest on, as your line manager."
    ),
    "levels.exported": _("{who} downloaded the levels you have reached, as your line manager."),
    "assignments.viewed": _(
        "{who} looked at what you were asked to learn and whether you have done it, as your line manager."
    ),
    "staff_record.viewed": _("{who} opened your staff record, as an administrator of your organisation."),
    "figures.exported": _("{who} downloaded figures of an organisation, or of all of government. They name nobody."),
    # learning
    "learner.enrolled": _("{who} started the course {course}."),
    "item.completed": _("{who} completed {item}."),
    "path.followed": _("{who} began to follow the path {path}."),
    "path.left": _("{who} stopped following the path {path}."),
    "course.finished": _("{who} wrote down that you finished the course {course}."),
    "completion.taken_back": _("{who} took back that you finished the course {course}, because a mark changed."),
    "assignment.made": _("{who} asked for the course {course}."),
    "assignment.ended": _("{who} stopped asking for the course {course}."),
    "exemption.given": _("{who} wrote down that you need not do the course {course}, though it is asked for."),
    "exemption.ended": _("{who} asked you for the course {course} again."),
    "quiz.answered": _("{who} answered the quiz {quiz}: {right}."),
    "submission.received": _("{who} handed in {answer}."),
    # marking
    "job.queued": _("{who} put {answer} in the queue for marking."),
    "job.given_up": _("{who} ended the marking of {answer} after a fault of ours, without a mark."),
    "job.released": _("{who} had {answer} marked again after a fault of ours."),
    "mark.given": _("{who} marked {answer}: {points} points."),
    "mark.overridden": _("{who} changed the mark of {answer} from {old} to {new} points."),
    "mark.regraded": _("{who} marked {answer} again, like every answer to that exercise: {new} points, {old} before."),
    "mark.completed": _("{who} read and marked the free text of {answer}."),
    "review.asked": _("{who} asked for a review of the mark of {answer}."),
    "review.decided": _("{who} decided the review of the mark of {answer}."),
    "rerun.asked": _("{who} asked for the mark of {answer} to be made again."),
    "rerun.finished": _("{who} made the mark of {answer} again, to see that it comes out the same."),
    "certificate.issued": _("{who} made a certificate of {course}."),
    "certificate.withdrawn": _("{who} withdrew a certificate of {course}."),
    "evidence.added": _("{who} wrote into your skills record: {skill}, level {level}."),
    "self_view.said": _("{who} noted where you see yourself with a skill. Nobody else sees it."),
    # the account
    "person.added": _("{who} opened your account."),
    "person.signed_in": _("{who} signed in."),
    "person.link_made": _("{who} made a sign-in link for a check of the service."),
    "person.suspended": _("{who} suspended your account."),
    "person.reinstated": _("{who} opened your account again."),
    "person.placed": _("{who} recorded that you work in {place}, and that {manager}."),
    "person.role_given": _("{who} recorded what your post in {place} asks for."),
    "post.corrected": _("{who} corrected what is recorded of your post in {place}."),
    "person.changed": _("{who} changed your name, your e-mail address or your staff number."),
    "organisation.led": _("{who} recorded that you lead an organisation."),
    "organisation.head_ended": _("{who} recorded that you no longer lead an organisation."),
    "person.left": _("{who} recorded that you no longer work in {place}."),
    "role.granted": _("{who} gave you a role: {role}."),
    "role.ended": _("{who} ended a role of yours: {role}."),
    "token.issued": _("{who} made an access token for a program."),
    "token.revoked": _("{who} revoked an access token."),
    "weekly_mail.switched_on": _("{who} switched the weekly mail on."),
    "weekly_mail.switched_off": _("{who} switched the weekly mail off."),
    "weekly_mail.stopped": _("{who} switched the weekly mail off, because the link in one was used."),
    "saved_view.saved": _("{who} saved a view of figures."),
    "saved_view.changed": _("{who} changed a saved view of figures."),
    "saved_view.deleted": _("{who} deleted a saved view of figures."),
    "saved_view.stopped": _("{who} ended the mail about a saved view, as you no longer see its figures."),
    "feedback.sent": _("{who} sent feedback about the service."),
    # about nobody in particular
    "regrade.started": _("{who} began to mark every answer to an exercise again."),
    "regrade.paused": _("{who} paused marking every answer to an exercise again."),
    "regrade.resumed": _("{who} went on marking every answer to an exercise again."),
    "skill.added": _("{who} added a skill."),
    "skill.changed": _("{who} changed the words of a skill."),
    "framework.imported": _("{who} read a version of a framework of skills."),
    "capability_role.added": _("{who} added a role that posts can have."),
    "capability_role.ended": _("{who} ended a role that posts can have."),
    "role_level.added": _("{who} added a level of a role that posts can have."),
    "requirement.set": _("{who} set what a role asks of a skill."),
    "requirement.ended": _("{who} took away what a role asks of a skill."),
    "requirement.changed": _("{who} had a role ask for a skill of our courses that stands for another."),
    "course.published": _("{who} published a version of a course."),
    "exercise.cleared": _("{who} opened an exercise for handing in."),
    "path.added": _("{who} added a path through courses."),
    "path.changed": _("{who} changed a path through courses."),
    "path.withdrawn": _("{who} withdrew a path through courses."),
    "organisation.added": _("{who} added an organisation."),
    "organisation.moved": _("{who} moved an organisation."),
    "organisation.closed": _("{who} closed an organisation."),
    "organisation.renamed": _("{who} renamed an organisation."),
    "import.given": _("{who} gave a file of staff records to be checked."),
    "import.confirmed": _("{who} had a file of staff records carried out."),
    "import.withdrawn": _("{who} withdrew a file of staff records."),
    "import.refused": _("{who} gave a file of staff records that could not be read."),
    "import.applied": _("{who} carried out a file of staff records."),
}
OTHERWISE = _("{who} did something in your record for which this page has no words yet.")
UNKNOWN: dict[str, Promise] = {
    "answer": _("an answer of yours"),
    "course": _("the course"),
    "item": _("a part of a course"),
    "path": _("through courses"),
    "quiz": _("of a course"),
    "right": _("the result is kept with it"),
    "points": _("some"),
    "old": _("some"),
    "new": _("other"),
    "skill": _("a skill"),
    "level": _("as your skills record shows"),
    "place": _("an organisation"),
    "manager": _("nobody is your line manager"),
    "role": _("one of this service"),
}


def sentence(event: str, *, who: str, facts: dict[str, Any]) -> SafeString:
    """What happened, as HTML. Whatever people typed is escaped; no id and nothing else of the entry is shown."""
    words = {name: facts.get(name, plain) for name, plain in UNKNOWN.items()}
    return format_html(str(WORDS.get(event, OTHERWISE)), who=format_html("<strong>{}</strong>", who), **words)
