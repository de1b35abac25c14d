"""The processes that mark: two for each engine (`grading.engine`), which fork two more for each job.

serving     the supervisor's way in: takes jobs from its owner and answers with verdicts
supervisor  a proved wall, a warm process behind it, one job at a time
marking     one answer: every cell in order, each on its side
pair        orders to the two sides in bounded time
warm        the supervisor's hold on the warm process
zygote      the warm process: imports once, forks confined pairs, never sees a job
sides       what the two sides do
shell       a learner's cells in IPython, without a kernel
trial       code run for its own sake
judge       points for one check, by nbgrader's determine_grade with its traps closed
messages    what the learner reads
"""
