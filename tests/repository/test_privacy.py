"""The guide to privacy knows every table that is about a person: whatever erases and copies one can be held to that."""

import re

from django.apps import apps

from tests.running import ROOT
from upskill.people.models import User

GUIDE = (ROOT / "docs" / "privacy.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| (\w+) \| ([\w, ]+) \|$", re.MULTILINE)


def test_guide_to_privacy_lists_every_table_that_names_a_person():
    section = GUIDE.partition("## A copy of one's data, and erasure")[2].partition("\n## ")[0]
    listed = {f"{app}.{table}" for app, tables in ROW.findall(section) for table in tables.split(", ")} - {"app.tables"}

    about_people = {
        model._meta.label
        for model in apps.get_models()
        if model is User or any(field.related_model is User for field in model._meta.concrete_fields)
    }
    assert listed == about_people
