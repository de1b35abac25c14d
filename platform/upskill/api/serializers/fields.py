"""Fields that more than one serializer uses."""

import datetime as dt
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from upskill.skills.models import Level


class Moment(serializers.DateTimeField):
    """A moment, always in UTC."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(default_timezone=dt.UTC, **kwargs)


class Points(serializers.FloatField):
    """Points: a number with at most two decimals."""


@extend_schema_field({"type": "string", "format": "uri-reference"})
class Link(serializers.CharField):
    """An address within the service, without its host."""


class LevelNumber(serializers.IntegerField):
    """A level of skill: 0 none yet, 1 awareness, 2 working, 3 practitioner, 4 expert."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=min(Level), max_value=max(Level), **kwargs)


@extend_schema_field({"type": "string", "pattern": "^[0-9a-f]{64}$"})
class Sha256(serializers.CharField):
    """The SHA-256 of some bytes, in hexadecimal."""


class AwardSerializer(serializers.Serializer):
    """A skill, and the level of it that something can give."""

    skill = serializers.SlugField()
    level = LevelNumber()
