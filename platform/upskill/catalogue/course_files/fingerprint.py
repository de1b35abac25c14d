"""Names content by its meaning: equal whatever the order of files and keys, the line ends, or the day of checkout."""

import hashlib
import json
from typing import Any


def fingerprint(facts: Any) -> str:
    """SHA-256 of JSON-like facts in canonical form: sorted keys, no spaces, UTF-8."""
    canonical = json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(canonical.encode("utf-8")).hexdigest()
