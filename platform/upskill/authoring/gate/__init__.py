"""The gate: what must hold of a course before learners meet it.

`course.py` holds a course against the rules that reading it alone cannot know. `exercise.py` has the marking engine try
everything that an exercise claims: its solution, its wrong answers, and tricks made from the exercise itself.
`certificate.py` keeps the result beside the exercise.
"""
