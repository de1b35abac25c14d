"""People, the organisation tree, memberships, roles, sign-in links, access tokens, the weekly mail and feedback."""

import datetime as dt
from typing import TYPE_CHECKING, ClassVar

import pgtrigger
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Concat, Lower
from knox.models import AbstractAuthToken

from .import_models import ImportRow, PeopleImport
from .roles import Role

__all__ = ["ImportRow", "PeopleImport"]

if TYPE_CHECKING:
    from .queries import Roles

# Reads the rows as they are when the transaction ends, for the organisation and its parts.
PATH_IS_TRUE = """
    IF EXISTS (
        SELECT FROM people_organisation part LEFT JOIN people_organisation whole ON whole.id = part.parent_id
        WHERE (part.id = NEW.id OR part.parent_id = NEW.id)
            AND part.path <> COALESCE(whole.path, '') || part.code || '/'
    ) THEN
        RAISE EXCEPTION 'The path at organisation % does not lead to it.', NEW.code USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


# Reads the rows as they are when the transaction ends: a move is several statements.
MAIN_POSTS_DO_NOT_OVERLAP = """
    IF NEW.is_main AND EXISTS (
        SELECT FROM people_membership mine JOIN people_membership other ON other.person_id = mine.person_id
        WHERE mine.id = NEW.id AND mine.is_main AND other.is_main AND other.id <> mine.id
            AND daterange(mine.valid_from, mine.valid_to) && daterange(other.valid_from, other.valid_to)
    ) THEN
        RAISE EXCEPTION 'Two main posts of person % overlap.', NEW.person_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


def in_force(on: dt.date | Combinable) -> Q:
    """Filters organisations or memberships: those that hold on that day, which the database may know."""
    return Q(valid_from__lte=on) & (Q(valid_to=None) | Q(valid_to__gt=on))


class UserManager(BaseUserManager["User"]):
    """Accounts without passwords: people sign in by a link sent to their work e-mail."""


class User(AbstractBaseUser):
    """One person. The id is the key everywhere; the e-mail address may change and is never one."""

    password = None  # type: ignore[assignment]
    public_id = models.UUIDField(unique=True, editable=False, db_default=RandomUUID())
    email = models.EmailField(null=True, unique=True)  # in small letters; null: erased
    staff_number = models.CharField(max_length=40, null=True, unique=True)  # null: not from the staff records
    full_name = models.CharField(max_length=200)
    is_active = models.BooleanField(default=True)  # False: suspended or left
    joined_at = models.DateTimeField()
    is_probe = models.BooleanField(default=False)  # the account of `manage.py smoke`: in no list and no figure
    known_roles: "Roles | None" = None  # what people.queries.roles_of found for this object; no column

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "public_id"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(email=None) | Q(email=Lower("email")), name="user_email_in_small_letters"
            ),
            models.CheckConstraint(condition=~Q(email=""), name="user_email_not_empty"),
            models.CheckConstraint(condition=~Q(staff_number=""), name="user_staff_number_not_empty"),
            models.CheckConstraint(condition=~Q(full_name=""), name="user_has_name"),
        ]
        indexes = [models.Index(fields=["id"], condition=Q(is_probe=True), name="user_probe")]  # lists leave it out

    def __str__(self) -> str:
        return self.full_name


class Organisation(models.Model):
    """A department, agency, directorate or team. `path` holds the codes from the root, each followed by a slash."""

    class Kind(models.TextChoices):
        DEPARTMENT = "department"
        AGENCY = "agency"
        DIRECTORATE = "directorate"
        TEAM = "team"

    code = models.SlugField(unique=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=Kind)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    path = models.CharField(max_length=500, unique=True)
    head = models.ForeignKey(User, models.PROTECT, null=True, related_name="heads")  # who leads it
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)  # first day on which it no longer exists

    class Meta:
        indexes = [models.Index(fields=["path"], name="organisation_path_prefix", opclasses=["varchar_pattern_ops"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(path__endswith=Concat(F("code"), Value("/"))), name="organisation_path_ends_with_code"
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="organisation_valid_range"
            ),
        ]
        triggers = [
            pgtrigger.Trigger(  # when the transaction ends: a whole branch moves in several statements
                name="path_is_true",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update,
                timing=pgtrigger.Deferred,
                func=PATH_IS_TRUE,
            )
        ]

    def __str__(self) -> str:
        return self.name

    def is_in_force(self, on: dt.date) -> bool:
        """Whether it exists on that day."""
        return self.valid_from <= on and (self.valid_to is None or self.valid_to > on)


class Succession(models.Model):
    """That from a day on an organisation's work goes on in another one: a split has several successors, a merger
    several predecessors. Figures of the predecessor stay its own; histories follow these rows.
    """

    predecessor = models.ForeignKey(Organisation, models.PROTECT, related_name="successions")
    successor = models.ForeignKey(Organisation, models.PROTECT, related_name="origins")
    on = models.DateField()  # the first day on which the successor does the work

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "successor"], name="succession_once"),
            models.CheckConstraint(condition=~Q(predecessor=F("successor")), name="succession_by_another"),
        ]
        triggers = [pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.predecessor} goes on in {self.successor}"


class Membership(models.Model):
    """Where a person works, for whom, in which grade and profession, between two days.

    Somebody may work in several places at once. One of them is the main one: it alone counts in figures.
    """

    person = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="memberships")
    line_manager = models.ForeignKey(User, models.PROTECT, null=True, related_name="reports")
    job_title = models.CharField(max_length=200, blank=True)
    grade = models.CharField(max_length=20, blank=True)
    profession = models.CharField(max_length=80, blank=True)
    # code of a role level: what the post asks for (skills.RoleLevel)
    role = models.SlugField(max_length=80, blank=True, db_index=False)
    # the same on the second axis: how the post meets AI
    persona = models.SlugField(max_length=80, blank=True, db_index=False)
    is_main = models.BooleanField(default=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)  # first day on which it no longer holds

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(valid_to=None, is_main=True), name="membership_one_main"
            ),
            models.UniqueConstraint(
                fields=["person", "organisation"], condition=Q(valid_to=None), name="membership_once_in_each_place"
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="membership_valid_range"
            ),
            models.CheckConstraint(
                condition=Q(line_manager=None) | ~Q(line_manager=F("person")), name="membership_not_own_manager"
            ),
        ]
        indexes = [  # whoever counts the people of a role reads no post
            models.Index(fields=[axis], include=["is_main", "valid_from", "valid_to"], name=f"membership_{axis}")
            for axis in ("role", "persona")
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="main_posts_do_not_overlap",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("valid_from", "valid_to", "is_main"),  # type: ignore[no-untyped-call]
                timing=pgtrigger.Deferred,
                func=MAIN_POSTS_DO_NOT_OVERLAP,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} in {self.organisation}"


class RoleGrant(models.Model):
    """A role that somebody was given, with its scope. Ended, never deleted. What each may do: roles.py."""

    person = models.ForeignKey(User, models.PROTECT, related_name="role_grants")
    role = models.CharField(max_length=30, choices=Role)
    course = models.SlugField(blank=True)  # a trainer's scope: the course's id
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True)  # a viewer's or administrator's scope
    granted_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(role=Role.TRAINER, organisation=None) & ~Q(course="")
                | Q(role__in=[Role.DEPARTMENT_VIEWER, Role.DEPARTMENT_ADMIN], organisation__isnull=False, course="")
                | Q(role=Role.OPERATOR, organisation=None, course=""),
                name="role_grant_scope_fits_role",
            ),
            models.UniqueConstraint(
                fields=["person", "role", "course", "organisation"],
                condition=Q(ended_at=None),
                nulls_distinct=False,
                name="role_grant_once",
            ),
        ]
        triggers = [pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.person}: {self.role}"


class SignInLink(models.Model):
    """One request for a sign-in link, for a known address or an unknown one. A worker makes the link when it mails it.

    Holds keyed digests only: neither a link nor the address that asked can be read back from a copy of the database.
    """

    person = models.ForeignKey(User, models.CASCADE, null=True)  # null: no such account, so nothing is sent
    email_digest = models.CharField(max_length=64)
    place_digest = models.CharField(max_length=64)  # where the request came from
    link_prefix = models.CharField(max_length=300)  # the link without its token
    next_path = models.CharField(max_length=500, blank=True)  # the page to open after signing in
    token_digest = models.CharField(max_length=64, null=True, unique=True)  # null: not mailed yet
    requested_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)  # to mail it
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("requested_at")), name="sign_in_link_lasts"),
            models.CheckConstraint(
                condition=Q(token_digest=None) | Q(person__isnull=False), name="sign_in_link_is_somebodys"
            ),
            models.CheckConstraint(
                condition=Q(used_at=None) | Q(token_digest__isnull=False), name="sign_in_link_used_after_mailed"
            ),
        ]
        indexes = [
            models.Index(fields=["email_digest", "requested_at"], name="sign_in_link_by_email"),
            models.Index(fields=["place_digest", "requested_at"], name="sign_in_link_by_place"),
            models.Index(fields=["requested_at"], name="sign_in_link_age"),
        ]

    def __str__(self) -> str:
        return f"Sign-in link {self.pk}"


class TokenScope(models.TextChoices):
    """What an access token may be used for. Never more than its person may do."""

    READ = "read"  # one's own record, and the courses
    LEARN = "learn"  # start courses, hand in, ask for reviews
    TEAM = "team"  # the levels of one's direct reports
    DEPARTMENT = "department"  # counts of an organisation


class AccessToken(AbstractAuthToken):
    """A key to the API that a person made for a program of theirs. Kept as a digest; always expires."""

    public_id = models.UUIDField(unique=True, editable=False, db_default=RandomUUID())
    name = models.CharField(max_length=80)  # the person's own, to know it by
    scopes = ArrayField(models.CharField(max_length=20, choices=TokenScope))
    last_used_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(expiry__isnull=False), name="access_token_expires"),
            models.CheckConstraint(condition=~Q(scopes=[]), name="access_token_has_scope"),
            models.CheckConstraint(condition=~Q(name=""), name="access_token_has_name"),
        ]

    def __str__(self) -> str:
        return self.name


class WeeklyMail(models.Model):
    """Somebody asked for the weekly mail. Nobody has it who did not, and switching it off deletes the row."""

    person = models.OneToOneField(User, models.CASCADE, related_name="+")
    told_at = models.DateTimeField()  # what came later is news; at first the moment of asking
    look_on = models.DateField()  # nobody looks before whether there is something to say

    class Meta:
        indexes = [models.Index(fields=["look_on"], name="weekly_mail_due")]

    def __str__(self) -> str:
        return f"Weekly mail for {self.person_id}"


class Feedback(models.Model):
    """What somebody says about the service, for the people who run it."""

    page = models.CharField(max_length=300, blank=True)  # path of the page that they were on
    text = models.TextField()
    sent_by = models.ForeignKey(User, models.SET_NULL, null=True)  # null: not signed in, or erased
    sent_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="feedback_has_text")]
        indexes = [models.Index(fields=["-sent_at"], name="feedback_newest")]

    def __str__(self) -> str:
        return f"Feedback {self.pk}"
