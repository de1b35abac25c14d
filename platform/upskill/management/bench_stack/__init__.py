"""What bench_marking and bench_load measure: the real stack, in a folder of its own, as learners use it over HTTP.

stack.py     ./run's programs with a database, a broker and a port of the bench's own, until the bench ends
course.py    the one course there: a lesson, a quiz, and the pandas exercise of `python -m grading bench`
learner.py   somebody at the page: opens it, hands in, watches the mark come
turns.py     many of them at once
marking.py   bench_marking: the idle site, the busy one, with a history, under a flood
load.py      bench_load: a crowd that learns, in a process of its own
outcome.py   what became of what they handed in: whether every mark is there and right
processes.py what a marking slot weighs, and what processor time the programs use
figures.py   the arithmetic of what was measured
promises.py  what of it is promised

In the environment of that stack, by `python -m upskill.management.bench_stack`:
crowd.py     the learners with their sessions
copies.py    very many rows like one
earlier.py   what was handed in and marked before
flood.py     very many answers that wait
"""
