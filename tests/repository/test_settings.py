"""The site starts with settings that are safe, or not at all, and then says in one sentence what to do."""

import ast
import json
import os
import re
import subprocess
import sys

import pytest

from .tree import ROOT, text_of

SAFE = {
    "SECRET_KEY": "k" * 60,
    "DATABASE_URL": "postgresql://skills@db.internal/skills",
    "CELERY_BROKER_URL": "amqp://broker.internal",
    "ALLOWED_HOSTS": "skills.example.gov.uk",
    "SERVICE_ADDRESS": "https://skills.example.gov.uk",
    "EMAIL_HOST": "mail.internal",
}
HERE = {**SAFE, "DEBUG": "true", "ALLOWED_HOSTS": "127.0.0.1,localhost", "SERVICE_ADDRESS": ""}
SHOW = (
    "import json, sys; from django.conf import settings; "
    "print(json.dumps({name: getattr(settings, name) for name in sys.argv[1:]}, default=str))"
)


def start(changes: dict[str, str | None], *, show: tuple[str, ...] = ("DEBUG",), base=SAFE) -> tuple[int, str]:
    """Exit status and last line of a process that reads the settings with only these variables set."""
    variables = {name: value for name, value in {**base, **changes}.items() if value is not None}
    path = f"{ROOT / 'platform'}{os.pathsep}{ROOT}"
    environment = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "upskill.settings", "PYTHONPATH": path}
    command = [sys.executable, "-c", SHOW, *show]
    done = subprocess.run(command, env=environment | variables, capture_output=True, text=True, check=False, cwd=ROOT)
    return done.returncode, (done.stdout + done.stderr).strip().splitlines()[-1]


def settings_with(changes: dict[str, str | None], *, show: tuple[str, ...], base=SAFE) -> dict:
    status, line = start(changes, show=show, base=base)
    assert status == 0, line
    return json.loads(line)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"SECRET_KEY": None}, "SECRET_KEY is not set. Set it to at least 50 random characters and keep it secret;"),
        ({"SECRET_KEY": ""}, "SECRET_KEY is not set."),
        ({"DATABASE_URL": None}, "DATABASE_URL is not set. Give a PostgreSQL URL, or start with ./run"),
        ({"DATABASE_URL": "sqlite:///x"}, "DATABASE_URL is not a PostgreSQL URL. Upskill runs on PostgreSQL only."),
        ({"CELERY_BROKER_URL": None}, "CELERY_BROKER_URL is not set. Give a Valkey, Redis or RabbitMQ URL"),
        ({"SERVICE_ADDRESS": None}, "SERVICE_ADDRESS is not set. Links in e-mails begin with it"),
        ({"SERVICE_ADDRESS": None, "DEBUG": "true"}, "SERVICE_ADDRESS is not set."),
        ({"DEBUG": "ture"}, "DEBUG is 'ture'. Set it to true or false."),
        ({"SIGNIN_LINK_SECONDS": "half an hour"}, "SIGNIN_LINK_SECONDS is 'half an hour'. Set it to a whole number."),
        (
            {"UPSKILL_BROWSER_RUNTIME": "on"},
            "UPSKILL_BROWSER_RUNTIME is 'on'. Set it to off, or to a folder with",
        ),
        ({"PACKAGE_INDEX": "https://me@index/"}, "PACKAGE_INDEX holds a name or a password, which messages"),
        ({"METRICS_TOKEN": "short"}, "METRICS_TOKEN is short enough to guess. Set it to 32 random characters or more."),
        (
            {"GRADER_ISOLATION": "none"},
            "GRADER_ISOLATION is 'none'. Use auto, namespace, landlock, external or unsafe-dev.",
        ),
        ({"GRADER_ISOLATION": "unsafe-dev"}, "It needs DEBUG=true and ALLOWED_HOSTS on this machine only."),
        ({"GRADER_ISOLATION": "unsafe-dev", "DEBUG": "true"}, "ALLOWED_HOSTS on this machine only."),
        (
            {"GRADER_ISOLATION": "unsafe-dev", "DEBUG": "true", "ALLOWED_HOSTS": "127.0.0.1,*"},
            "ALLOWED_HOSTS on this machine only.",
        ),
        ({"GRADER_ISOLATION": "unsafe-dev", "ALLOWED_HOSTS": "127.0.0.1"}, "It needs DEBUG=true"),
    ],
)
def test_start_is_refused_with_the_cure(changes, sentence):
    status, line = start(changes)

    assert status == 1
    assert line.startswith("django.core.exceptions.ImproperlyConfigured: ")
    assert sentence in line


def test_service_for_real_people_is_closed_by_default():
    wanted = {
        "DEBUG": False,
        "DEMO_SIGNIN": False,
        "GRADER_ISOLATION": "auto",
        "SESSION_COOKIE_SECURE": True,
        "SESSION_COOKIE_NAME": "__Host-sessionid",
        "SESSION_COOKIE_DOMAIN": None,
        "SESSION_COOKIE_PATH": "/",
        "CSRF_COOKIE_SECURE": True,
        "CSRF_COOKIE_NAME": "__Host-csrftoken",
        "CSRF_COOKIE_DOMAIN": None,
        "CSRF_COOKIE_PATH": "/",
        "SECURE_SSL_REDIRECT": True,
        "SECURE_HSTS_SECONDS": 365 * 24 * 60 * 60,
        "X_FRAME_OPTIONS": "DENY",
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "SECURE_PROXY_SSL_HEADER": None,
        "SESSION_COOKIE_HTTPONLY": True,
    }

    assert settings_with({}, show=tuple(wanted)) == wanted


@pytest.mark.parametrize(
    ("changes", "demo"),
    [
        ({}, True),
        ({"DEBUG": "false", "SERVICE_ADDRESS": "https://s"}, False),
        ({"ALLOWED_HOSTS": "127.0.0.1,skills.example.gov.uk", "SERVICE_ADDRESS": "https://s"}, False),
        ({"ALLOWED_HOSTS": "*", "SERVICE_ADDRESS": "https://s"}, False),
        ({"ALLOWED_HOSTS": "192.0.2.1", "SERVICE_ADDRESS": "https://s"}, False),
    ],
)
def test_demo_accounts_exist_only_with_debug_on_hosts_of_this_machine(changes, demo):
    assert settings_with(changes, show=("DEMO_SIGNIN",), base=HERE) == {"DEMO_SIGNIN": demo}


def test_rabbitmq_that_hangs_holds_nobody_up_for_good_and_says_what_it_has_taken():
    options = settings_with({}, show=("CELERY_BROKER_TRANSPORT_OPTIONS",))["CELERY_BROKER_TRANSPORT_OPTIONS"]

    wanted = {"connect_timeout": 3, "read_timeout": 3, "write_timeout": 3, "max_retries": 1, "confirm_publish": True}
    assert {name: options[name] for name in wanted} == wanted


def test_forwarded_headers_are_believed_only_behind_a_proxy_of_ours():
    shown = ("BEHIND_PROXY", "SECURE_PROXY_SSL_HEADER")

    assert settings_with({"BEHIND_PROXY": "yes"}, show=shown) == {
        "BEHIND_PROXY": True,
        "SECURE_PROXY_SSL_HEADER": ["HTTP_X_FORWARDED_PROTO", "https"],
    }


def test_mail_is_printed_until_a_server_is_named():
    assert settings_with({"EMAIL_HOST": None}, show=("EMAIL_BACKEND",), base=HERE) == {
        "EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"
    }


@pytest.mark.parametrize(("debug", "readable"), [("false", False), ("true", True)])
def test_log_lines_are_json_and_with_debug_for_people(debug, readable):
    logging = settings_with({"DEBUG": debug}, show=("LOGGING", "LOGGING_CONFIG"))

    assert logging["LOGGING"]["formatters"] == {"line": {"()": "upskill.core.logs.Lines", "readable": readable}}
    assert logging["LOGGING_CONFIG"] == "upskill.core.logs.configure"


def test_rabbitmq_gets_quorum_queues_and_confirms():
    read = settings_with({}, show=("CELERY_TASK_DEFAULT_QUEUE_TYPE", "CELERY_BROKER_TRANSPORT_OPTIONS"))

    assert read["CELERY_TASK_DEFAULT_QUEUE_TYPE"] == "quorum"
    assert read["CELERY_BROKER_TRANSPORT_OPTIONS"]["confirm_publish"] is True


# --- The table of settings ---


def names_read() -> set[str]:
    """Every environment variable that settings.py reads."""
    calls = [
        node for node in ast.walk(ast.parse(text_of("platform/upskill/settings.py"))) if isinstance(node, ast.Call)
    ]
    return {
        str(call.args[0].value)
        for call in calls
        if isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id == "environment"
        and isinstance(call.args[0], ast.Constant)
    }


def test_every_setting_is_in_the_table_and_the_table_holds_no_other():
    table = set(re.findall(r"^\| `([A-Z_]+)` \|", text_of("docs/settings.md"), re.MULTILINE))

    assert table == names_read()
