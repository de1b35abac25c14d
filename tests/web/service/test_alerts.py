"""The alerts for Prometheus speak of figures that are there, and lead to a runbook."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from grading.runner.orders import Recycled
from grading.sandbox.modes import Mode
from tests.factories.marking import MarkFactory
from tests.running import ROOT
from upskill.core import heartbeats
from upskill.web.operator.state import LATE_SECONDS

pytestmark = pytest.mark.django_db
GUIDE = (ROOT / "docs" / "operators.md").read_text(encoding="utf-8")
RULES: list[dict[str, Any]] = [
    rule
    for group in yaml.safe_load((ROOT / "docs" / "alerts.yml").read_text(encoding="utf-8"))["groups"]
    for rule in group["rules"]
]
# What PromQL itself brings, of what our rules use.
LANGUAGE = {"absent", "and", "by", "delta", "increase", "max", "offset", "or", "sum"}
SELECTOR = re.compile(r"(\w+)\{([^}]*)\}")
MATCHER = re.compile(r'(\w+)(=~|!=|=)"([^"]*)"')
Shown = dict[str, dict[str, set[str]]]  # metric -> label -> its values


def by_name(rule: dict[str, Any]) -> str:
    return rule["alert"]


@pytest.fixture
def shown(client) -> Shown:
    """What /metrics shows of a service in which every kind of figure has something to say."""
    recycled = dict.fromkeys(Recycled, 1)
    heartbeats.beat("w1", program="worker", is_working=True, facts={"recycled": recycled})
    for mode in Mode:
        MarkFactory(provenance={"isolation": mode, "timings_ms": {"cells": 1}}, marked_at=timezone.now())
    found: Shown = {}
    for family in text_string_to_metric_families(client.get("/metrics").content.decode()):
        for sample in family.samples:
            labels = found.setdefault(sample.name, {})
            for label, value in sample.labels.items():
                labels.setdefault(label, set()).add(value)
    return found


def wrong_matchers(expression: str, *, shown: Shown) -> Iterator[str]:
    """What a rule asks of a label that its metric does not have, or of a value that the label never takes."""
    for metric, matchers in SELECTOR.findall(expression):
        for label, _sign, value in MATCHER.findall(matchers):
            if not set(value.split("|")) <= shown.get(metric, {}).get(label, set()):
                yield f'{metric}{{{label}="{value}"}}'


def names_in(expression: str) -> set[str]:
    """The words of an expression that are no part of PromQL: metrics, and the labels that it groups by."""
    bare = re.sub(r"\{[^}]*\}|\[[^\]]*\]|\boffset \w+", " ", expression)
    return set(re.findall(r"[A-Za-z_]\w*", bare)) - LANGUAGE


def anchors(document: str) -> set[str]:
    """Where a link into a document can lead: its headings, as forges and editors write them."""
    headings = re.findall(r"^#+ (.+)$", document, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_rules_have_names_of_their_own_and_all_that_somebody_who_is_woken_needs():
    assert len({by_name(rule) for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert set(rule) - {"for"} == {"alert", "expr", "labels", "annotations"}, by_name(rule)
        assert rule["labels"]["severity"] in {"critical", "warning"}, by_name(rule)
        assert set(rule["annotations"]) == {"summary", "description", "runbook_url"}, by_name(rule)
        assert re.fullmatch(r"Upskill[A-Za-z]+", by_name(rule))
        assert re.fullmatch(r"\d+m", rule.get("for", "1m")), by_name(rule)


@pytest.mark.parametrize("rule", RULES, ids=by_name)
def test_rule_asks_only_for_figures_labels_and_values_that_metrics_shows(rule, shown: Shown):
    grouped = {label for labels in re.findall(r"\bby \(([^)]*)\)", rule["expr"]) for label in labels.split(", ")}
    metrics = names_in(rule["expr"]) - grouped

    assert metrics != set()
    assert metrics - shown.keys() == set()
    assert grouped <= {label for metric in metrics for label in shown[metric]}
    assert list(wrong_matchers(rule["expr"], shown=shown)) == []


@pytest.mark.parametrize("rule", RULES, ids=by_name)
def test_runbook_is_there_and_names_the_alert(rule):
    page, _, anchor = rule["annotations"]["runbook_url"].partition("#")

    assert (page, anchor in anchors(GUIDE)) == ("operators.md", True)
    section = next(part for part in GUIDE.split("\n### ") if anchors(f"### {part}") >= {anchor})
    assert f"`{by_name(rule)}`" in section
    assert [word for word in ("**People**", "**Look**", "**Do**", "**Over**") if word not in section] == []


def test_page_calls_late_what_the_alert_does():
    [rule] = [rule for rule in RULES if rule["alert"] == "UpskillPeopleWait"]

    assert rule["expr"].endswith(f"> {LATE_SECONDS}")


@pytest.mark.parametrize(
    ("expression", "names", "wrong"),
    [
        ("sum(upskill_jbs) > 0", {"upskill_jbs"}, []),
        ('max(upskill_jobs{state="stopped"})', {"upskill_jobs"}, ['upskill_jobs{state="stopped"}']),
        ('max(upskill_jobs{kind=~"queued|running"})', {"upskill_jobs"}, ['upskill_jobs{kind="queued|running"}']),
        ('max by (lane) (upskill_jobs{state!="queued"} offset 20m)', {"upskill_jobs", "lane"}, []),
    ],
    ids=["name", "value", "label", "right"],
)
def test_what_is_not_there_is_found_out(expression, names, wrong, shown: Shown):
    assert (names_in(expression), list(wrong_matchers(expression, shown=shown))) == (names, wrong)
