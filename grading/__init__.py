"""The marking engine: one learner's notebook in, one verdict out. Knows neither Django nor the site.

`engine.Engine` marks, `notebooks` reads and releases exercises, `protocol` holds the only words shared with callers.
"""

__version__ = "0.1.0"
