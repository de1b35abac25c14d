"""What can go wrong between the two processes, by name."""


class ChannelBroken(Exception):
    """The peer is gone: its end of the socket is closed or was reset, perhaps in the middle of a frame."""


class FrameRefused(Exception):
    """What arrived is no frame of ours: too large, out of sequence, or not JSON. Nothing after it can be believed."""


class BadValue(Exception):
    """A tree or buffer that arrived describes no value that the codec could have written."""


class NotEncodable(TypeError):
    """The value has no form that travels, contains itself, or is nested too deeply."""


class TooLarge(Exception):
    """The value or frame to be sent is larger than the channel carries."""
