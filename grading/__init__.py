"""The marking engine: one learner's notebook in, one verdict out. Knows neither Django nor the site.

`engine.Engine` marks, `notebooks` reads and releases exercises, `answers` reads what learners hand in, `protocol` holds
the words that cross the wall.
"""

__version__ = "0.1.0"
