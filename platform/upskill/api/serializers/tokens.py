"""Access tokens: what is asked to make one, and what may be said of one afterwards. Never its digest."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from upskill.people.models import TokenScope
from upskill.people.tokens import MOST_DAYS

from .fields import Moment


@extend_schema_field({"type": "string", "minLength": 1, "maxLength": 80, "pattern": r"^[^\x00]*[!-~][^\x00]*$"})
class TokenName(serializers.CharField):
    """Not blank, and without the character that ends texts in C."""


class TokenRequestSerializer(serializers.Serializer):
    """What a new token is for, and how long it lasts."""

    name = TokenName(max_length=80, help_text="Your own, to know it by.")
    scopes = serializers.ListField(child=serializers.ChoiceField(TokenScope.values), min_length=1)
    days = serializers.IntegerField(min_value=1, max_value=MOST_DAYS)


class TokenSerializer(serializers.Serializer):
    """An access token of yours."""

    public_id = serializers.UUIDField()
    name = serializers.CharField()
    scopes = serializers.ListField(child=serializers.ChoiceField(TokenScope.values))
    created_at = Moment(source="created")
    expires_at = Moment(source="expiry")
    last_used_on = serializers.DateField(allow_null=True)


class NewTokenSerializer(TokenSerializer):
    """A token that was just made."""

    secret = serializers.CharField(help_text="What your program sends. It is told once: keep it now.")
