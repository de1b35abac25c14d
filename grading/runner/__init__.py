"""The warm process that marks: started by exec without the site's environment, it forks one confined child per job.

server      the warm process: takes jobs from its owner, forks, supervises, answers
supervise   the parent's side of one job: time, what the child says, and that nothing outlives it
job         the child's side: confine, read, merge, run, judge
cells       nbgrader's Execute with a real kernel, watched cell by cell
judge       points for one check, by nbgrader's determine_grade with its traps closed
messages    what the learner reads
progress    the verdict, built from what the child has said so far
"""
