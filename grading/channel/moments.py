"""How the dates, times and time zones of `datetime` travel. A zone of zoneinfo travels as its name."""

import datetime as dt
import re
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from grading.channel.forms import Json, NoForm, Read, Write, parts, text, whole
from grading.channel.refusals import BadValue

if TYPE_CHECKING:
    from grading.channel.codec import Decoder, Encoder

_ZONE_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_+-]{0,31}(/[A-Za-z0-9_+-]{1,32}){0,3}", re.ASCII)


def written_zone(zone: dt.tzinfo | None) -> Json:
    """The payload for a zone, or for the lack of one. Raises NoForm for zones of other kinds."""
    if zone is None:
        return None
    if type(zone) is ZoneInfo and type(zone.key) is str and _ZONE_NAME.fullmatch(zone.key):
        return zone.key
    if type(zone) is dt.timezone:
        offset, *name = zone.__getinitargs__()  # type: ignore[attr-defined]  # what pickle reads; the stubs leave it out
        return [*_written_length(offset), *name]
    raise NoForm


def zone(payload: object) -> dt.tzinfo | None:
    """The zone of a payload. Raises BadValue, also for names that zoneinfo does not know."""
    if payload is None:
        return None
    if type(payload) is str:
        return _named_zone(payload)
    if type(payload) is list and len(payload) == 4:
        return dt.timezone(_length(payload[:3]), text(payload[3]))
    return dt.timezone(_length(payload))


@lru_cache(maxsize=1024)
def _named_zone(name: str) -> ZoneInfo:
    if not _ZONE_NAME.fullmatch(name):
        raise BadValue("A time zone has a name that no zone has.")
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as problem:  # unknown; no zone's file; a folder
        raise BadValue("A time zone has a name that is not known here.") from problem


def _written_length(value: dt.timedelta) -> list[Json]:
    return [value.days, value.seconds, value.microseconds]


def _length(payload: object) -> dt.timedelta:
    days, seconds, microseconds = parts(payload, 3)
    return dt.timedelta(whole(days, lowest=-(1 << 31)), whole(seconds), whole(microseconds))


def _write_moment(encoder: "Encoder", value: dt.datetime) -> Json:
    day, clock = [value.year, value.month, value.day], [value.hour, value.minute, value.second, value.microsecond]
    return {"datetime": [*day, *clock, value.fold, written_zone(value.tzinfo)]}


def _read_moment(decoder: "Decoder", payload: object) -> dt.datetime:
    *numbers, fold, place = parts(payload, 9)
    year, month, day, hour, minute, second, microsecond = map(whole, numbers)
    return dt.datetime(year, month, day, hour, minute, second, microsecond, tzinfo=zone(place), fold=whole(fold))


def _write_time(encoder: "Encoder", value: dt.time) -> Json:
    clock = [value.hour, value.minute, value.second, value.microsecond]
    return {"time": [*clock, value.fold, written_zone(value.tzinfo)]}


def _read_time(decoder: "Decoder", payload: object) -> dt.time:
    *numbers, fold, place = parts(payload, 6)
    hour, minute, second, microsecond = map(whole, numbers)
    return dt.time(hour, minute, second, microsecond, tzinfo=zone(place), fold=whole(fold))


def _read_date(decoder: "Decoder", payload: object) -> dt.date:
    year, month, day = map(whole, parts(payload, 3))
    return dt.date(year, month, day)


def _read_zone(decoder: "Decoder", payload: object) -> dt.tzinfo:
    place = zone(payload)
    if place is None:
        raise BadValue("A time zone was due.")
    return place


WRITERS: dict[type, Write] = {
    dt.datetime: _write_moment,
    dt.date: lambda encoder, value: {"date": [value.year, value.month, value.day]},
    dt.time: _write_time,
    dt.timedelta: lambda encoder, value: {"timedelta": _written_length(value)},
    dt.timezone: lambda encoder, value: {"zone": written_zone(value)},
    ZoneInfo: lambda encoder, value: {"zone": written_zone(value)},
}
READERS: dict[str, Read] = {
    "datetime": _read_moment,
    "date": _read_date,
    "time": _read_time,
    "timedelta": lambda decoder, payload: _length(payload),
    "zone": _read_zone,
}
