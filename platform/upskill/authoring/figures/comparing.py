"""Whether two SVG files are the same picture."""

import re
from itertools import count

CLOSE = 0.01  # of a point: nobody sees it, and another processor may round the last digit otherwise
_NAME = re.compile(r'(?<=\bid=")[^"]+')
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")


def are_same(one: bytes, other: bytes) -> bool:
    """Equal bytes; or the same parts and words in the same order, with numbers that are hardly apart.

    Matplotlib names parts by a digest of their numbers, so that names may differ where the last digit of one does.
    """
    if one == other:
        return True
    left, right = (_renamed(each.decode("utf-8", "replace")) for each in (one, other))
    if _NUMBER.sub("0", left) != _NUMBER.sub("0", right):
        return False
    pairs = zip(_NUMBER.findall(left), _NUMBER.findall(right), strict=True)
    return all(first == second or abs(float(first) - float(second)) <= CLOSE for first, second in pairs)


def _renamed(svg: str) -> str:
    """The picture with each named part called by its place among them."""
    number = count()
    names = {name: f"part{next(number)}" for name in dict.fromkeys(_NAME.findall(svg))}
    return re.sub(r'(?<=id=")[^"]+|(?<=#)[\w.-]+', lambda match: names.get(match[0], match[0]), svg)
