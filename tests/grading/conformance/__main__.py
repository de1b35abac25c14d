"""`python -m tests.grading.conformance`: ask nbgrader anew what every case gives, and write it down. Takes minutes."""

import json

from tests.grading.conformance.cases import RECORD, every_case
from tests.grading.conformance.stock import stock_points

if __name__ == "__main__":
    points = stock_points(every_case())
    RECORD.write_text(json.dumps(points, indent=0, sort_keys=True) + "\n")
    print(f"{len(points)} cases")
