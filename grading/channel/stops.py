"""What ends a test cell from underneath, and the plain refusals that its author reads.

`Hold` and `Stopped` are no `Exception`, so that a test's own `except Exception` cannot turn them into a pass.
"""


class Hold(BaseException):
    """A tripwire was hit: the learner's end broke the rules of the link. A person looks at the mark."""


class Stopped(BaseException):
    """The learner's process is gone, out of time, or has used up what one test may ask of it."""


class NotPlain(AssertionError):
    """The learner's answer is an object where a test needs a plain value, so that nothing can be compared."""


class NotCarried(TypeError):
    """Something that has no way between the two processes. Says how to write the test instead."""
