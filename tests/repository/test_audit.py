"""Whoever writes something about a person, a course or an organisation leaves an audit entry."""

import pytest

from .tree import python_files
from .writers import NOT_SERVICES, functions_of, services, unaudited, writers, writes_outside_of_functions

# What writes without an entry, each with the reason why nobody misses one.
EXEMPT = {
    "upskill.core.audit.record": "is the audit trail",
    "upskill.core.audit.record_about_each": "is the audit trail",
    "upskill.core.allowances.spend_each": "a count under a digest, forgotten when its time is over",
    "upskill.core.allowances.forget_ended": "counts that are over",
    "upskill.core.blobs.store": "bytes under their own digest; the row that refers to them is audited",
    "upskill.core.heartbeats.beat": "a sign of life of a machine",
    "upskill.core.heartbeats.forget_dead": "a sign of life of a machine",
    "upskill.core.outbox.add": "mail that an act causes; the act is audited",
    "upskill.core.outbox.send_due": "that a mail has gone is in its own row",
    "upskill.core.outbox.try_again": "mail of an act that is audited, tried once more",
    "upskill.management.page_bench.timings.measure": "counts under digests, in a database of the bench's own",
    "upskill.management.page_bench.visits.forget_allowances": "counts under digests, in a database of the bench's own",
    "upskill.management.report_bench.rounds.visit": "counts under digests, in a database of the bench's own",
    "upskill.core.spreadsheets.xlsx_file": "saves a file, no row",
    "upskill.core.stamps.keep": "what a start has seen of files",
    "upskill.learning.drafts.save": "a learner's own notes, every few seconds; what counts is what they hand in",
    "upskill.pipeline.save_draft": "the same",
    "upskill.digests.write_due": "mail that was asked for, which is audited; when it was written is in its own row",
    "upskill.planning.reminders.put_down": "whom a digest will look at; what they are asked is audited",
    "upskill.planning.reminders.write_due": "mail of what is asked, which is audited; when it was written it keeps",
    "upskill.learning.recall.answer": "practice that decides nothing: a step and a day, theirs alone (decision 0027)",
    "upskill.learning.services.see_item": "a learner's own bookmark",
    "upskill.marking.jobs.claim": "the queue: which worker holds a job, every few seconds",
    "upskill.marking.jobs.renew": "the queue",
    "upskill.marking.jobs.finish": "the queue: the caller audits what came of it, or the job's own row says why not",
    "upskill.marking.jobs.give_back": "the queue: the job's own row holds its tries and the reason",
    "upskill.marking.jobs.hand_back": "the queue: a try that does not count",
    "upskill.marking.jobs.sweep": "the queue",
    "upskill.management.page_bench.growth.multiply": "a bench, in a database of its own that is thrown away",
    "upskill.management.population.copying.add": "invented people, where there are no others",
    "upskill.management.population.learned.tally": "the same",
    "upskill.management.population.learned.write": "the same",
    "upskill.management.population.planned.write": "the same",
    "upskill.management.population.staff.write": "the same",
    "upskill.management.report_bench.nights.publish_all": "figures, in databases of a bench's own",
    "upskill.management.page_bench.visits.session_of": "a session for a bench: signing in leaves the same",
    "upskill.marking.chain.add": "a step of giving a mark: whoever gives it audits that",
    "upskill.marking.chain.replace": "a step of giving a mark: whoever gives it audits that",
    "upskill.skills.rebuilding.mend": "sums of evidence, which is audited, worked out anew",
    "upskill.reports.publication.publish": "figures about nobody in particular; their own row says when they were made",
    "upskill.reports.publication.forget_old": "the same, once they are old",
    "upskill.people.sessions.end_all": "a step of suspending somebody, which is audited",
    "upskill.people.sessions.end_all_of": "a step of having people left, which is audited",
    "upskill.people.imports.staging.stage": "rows of a file until its import is over; what they change is audited",
    "upskill.people.imports.judging.judge": "the same",
    "upskill.people.imports.comparing.compare": "the same",
    "upskill.people.sessions.forget_expired": "sessions that are over",
    "upskill.people.tokens.note_use": "a person's own note of when their token was used",
    "upskill.people.signin.ask_for_link": "asked by a visitor who is nobody yet; the row is forgotten after a day",
    "upskill.people.signin.send_due": "that a link was mailed is in its own row; using it is audited",
}


def test_every_service_that_writes_leaves_an_audit_entry():
    assert unaudited(services(), exempt=set(EXEMPT)) == [], "Call audit.record there, or say in EXEMPT why not."


def test_pages_commands_and_tasks_write_nothing_themselves():
    edges = [path for path in python_files("platform/upskill/") if any(part in path for part in NOT_SERVICES[2:])]

    assert writes_outside_of_functions(edges, also_in_them=True) == []


def test_services_write_in_functions_that_can_be_read_here():
    """A method of a class would be overlooked. Django asks for one to keep sessions."""
    inside = [path for path in python_files("platform/upskill/") if not any(part in path for part in NOT_SERVICES)]
    inside.remove("platform/upskill/people/sessions.py")

    assert writes_outside_of_functions(inside, also_in_them=False) == []


def test_every_exemption_is_of_a_function_that_writes():
    assert sorted(set(EXEMPT) - writers(services())) == []


# --- The reading itself ----------------------------------------------------------------------------------------------

IMPORTS = "from upskill.core import audit\nfrom .models import Thing\n"
PLANTED = {
    "writes and says nothing": ("def add():\n    Thing.objects.create()\n", ["upskill.x.services.add"]),
    "writes and says so": ("def add():\n    Thing.objects.create()\n    audit.record('thing.added')\n", []),
    "says so about each": ("def add():\n    Thing().save()\n    audit.record_about_each('thing.added')\n", []),
    "writes through its own": (
        "def add():\n    _add()\n\n\ndef _add():\n    Thing.objects.bulk_create([])\n", ["upskill.x.services.add"],
    ),
    "its own says so": (
        "def add():\n    _add()\n\n\ndef _add():\n    Thing().delete()\n    audit.record('thing.added')\n", [],
    ),
    "changes rows": ("def end():\n    Thing.objects.filter(pk=1).update(name='x')\n", ["upskill.x.services.end"]),
    "changes rows by many names": ("def end():\n    Thing.objects.update(**{})\n", ["upskill.x.services.end"]),
    "changes a dict": ("def count():\n    {}.update({1: 2})\n", []),
    "writes SQL": ("SQL = '''\n    INSERT INTO thing'''\n\n\ndef add(cursor):\n    cursor.execute(SQL)\n",
                   ["upskill.x.services.add"]),
    "reads SQL": ("def read(cursor):\n    cursor.execute('SELECT * FROM thing')\n", []),
    "passes a writer on": (
        "def run(work):\n    work(_add)\n\n\ndef _add():\n    Thing().save()\n", ["upskill.x.services.run"],
    ),
    "only reads": ("def things():\n    return Thing.objects.all()\n", []),
}  # fmt: skip


@pytest.mark.parametrize("what", PLANTED)
def test_planted_writer_is_found_out(what):
    source, named = PLANTED[what]

    assert unaudited(functions_of({"upskill.x.services": IMPORTS + source}), exempt=set()) == named


def test_writer_is_found_through_other_modules_and_an_exemption_clears_its_callers():
    functions = functions_of({
        "upskill.x.services": "def add():\n    Thing.objects.create()\n",
        "upskill.y.services": "from upskill.x import services as x\n\n\ndef make():\n    x.add()\n",
        "upskill.pipeline": "from upskill.y.services import make\n\n\ndef go():\n    make()\n",
    })  # fmt: skip

    assert unaudited(functions, exempt=set()) == [
        "upskill.pipeline.go",
        "upskill.x.services.add",
        "upskill.y.services.make",
    ]
    assert unaudited(functions, exempt={"upskill.x.services.add"}) == []


def test_the_way_of_an_answer_is_among_what_was_read():
    """If the reading went blind, this list would be short."""
    known = {"upskill.pipeline.submit", "upskill.pipeline.override_mark", "upskill.marking.stopped.release",
             "upskill.people.services.suspend", "upskill.people.demo.load", "upskill.people.signin.use_link",
             "upskill.skills.services.sync_skills", "upskill.catalogue.services.publish_course"}  # fmt: skip

    assert sorted(known - writers(services())) == []
