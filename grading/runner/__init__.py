"""The processes that mark: a supervisor and warm processes for each engine (`grading.engine`), and a pair for each job.

serving     the supervisor's way in: takes jobs from its owner and answers with verdicts
supervisor  a proved wall, warm processes behind it, one job at a time
marking     one answer: every cell in order, each on its side
pair        orders to the two sides in bounded time
warm_set    the supervisor's warm processes, one for each warmth
warm        its hold on one of them
zygote      a warm process: imports once, forks confined pairs, never sees a job
warmth      what a warm process imports, and which one an answer needs
sides       what the two sides do
shell       a learner's cells in IPython, without a kernel
trial       code run for its own sake
judge       points for one check, by nbgrader's determine_grade with its traps closed
messages    what the learner reads
"""
