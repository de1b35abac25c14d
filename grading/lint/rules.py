"""All rules in the order in which their findings are listed when they are about the same line."""

from collections.abc import Callable, Iterator

from grading.lint import assertion_rules, claim_rules, name_rules, points, process_rules
from grading.lint.findings import Finding
from grading.lint.reliance import Check

Rule = Callable[[Check], Iterator[Finding]]

RULES: tuple[Rule, ...] = (
    process_rules.ipython,
    process_rules.waiting,
    process_rules.patched,
    process_rules.copied,
    process_rules.current_figure,
    process_rules.files_by_pattern,
    process_rules.outside_world,
    process_rules.names_as_text,
    name_rules.made_in_test,
    name_rules.missing,
    name_rules.named_like_builtin,
    name_rules.unlocked_setup,
    name_rules.setup_by_chance,
    name_rules.subclassed,
    assertion_rules.nothing_asked,
    assertion_rules.always_true,
    assertion_rules.forgotten_assert,
    assertion_rules.swallowed,
    assertion_rules.by_chance,
    assertion_rules.model_score,
    assertion_rules.compared_instance,
    points.out_of_range,
    points.given_by_learner,
    claim_rules.only_claims,
    claim_rules.visible_answer,
    claim_rules.told,
)
