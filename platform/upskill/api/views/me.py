"""Who is asking, their skills record and certificates, and who looked at the record."""

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from upskill.api.schema import operation
from upskill.api.serializers import me as said
from upskill.core import audit
from upskill.learning import paths
from upskill.people import queries as people
from upskill.skills import certificates
from upskill.skills import queries as skills
from upskill.skills import rules as skills_rules

from .base import ListView, View


class Me(View):
    """Who is asking."""

    @operation("read_me", tag="me", summary="Who you are", answers={200: said.MeSerializer})
    def get(self, request: Request) -> Response:
        """Your name, your roles, each with its scope, and the path that you follow."""
        shown = said.me(self.person, roles=people.roles_of(self.person), path=paths.followed(self.person))
        return Response(said.MeSerializer(shown).data)


class MySkills(View):
    """The skills record of whoever asks."""

    @operation(
        "read_my_skills", tag="me", summary="Your skills record", answers={200: said.SkillRecordSerializer(many=True)}
    )
    def get(self, request: Request) -> Response:
        """Every skill with the level that you have today, until when, what your role asks for, and what it rests on."""
        skills_rules.check_see_record(self.person, of=self.person)
        records = [said.skill_record(record) for record in skills.record_of(self.person, on=timezone.localdate())]
        return Response(said.SkillRecordSerializer(records, many=True).data)


class MyCertificates(ListView):
    """The certificates that whoever asks has made."""

    @operation(
        "list_my_certificates",
        tag="me",
        summary="Your certificates",
        answers={200: said.CertificateSerializer(many=True)},
        refuses=(400, 404),
    )
    def get(self, request: Request) -> Response:
        """The certificates that you have made and not withdrawn, newest first, and whether each holds now."""
        made = list(certificates.certificates_of(self.person))
        holding = certificates.which_hold(self.person, made=made)
        return self.in_pages(
            made,
            row_of=lambda each: said.certificate(each, holds=each.pk in holding),
            serializer=said.CertificateSerializer,
        )


class MyTrail(ListView):
    """The audit trail about whoever asks."""

    @operation(
        "list_my_trail",
        tag="me",
        summary="Who did what to your record",
        answers={200: said.TrailEntrySerializer(many=True)},
        refuses=(400, 404),
    )
    def get(self, request: Request) -> Response:
        """What was done to your record or seen of it, by whom and when, newest first."""
        return self.in_pages(audit.about(self.person), row_of=said.trail_entry, serializer=said.TrailEntrySerializer)
