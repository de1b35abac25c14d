"""What is promised of reports, held against what was measured."""

from typing import Any

from upskill.management.bench_stack.promises import Promise

Figures = dict[str, Any]


def of_reports(figures: Figures) -> list[Promise]:
    """Any team or department view, its growth, and the publication."""
    return [
        Promise("milliseconds of the slowest page or API answer, p95", figures["p95_ms"], 100),
        Promise("times as long as with a tenth of the people", figures["growth_10x"], 1.5),
        Promise("seconds to make the publication", figures["publication_s"], 600),
    ]
