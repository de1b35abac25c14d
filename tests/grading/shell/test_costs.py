"""What the shell costs: a failing cell and a plain one in processor time, and the start of a warm process."""

import pytest

pytestmark = pytest.mark.slow
FAILING_MILLISECONDS = 10
START_MILLISECONDS = 6_000
RUNS = 15


def test_failing_cell_through_pandas_costs_under_ten_milliseconds(warm, tmp_path):
    failing = ["df['c']", "df.groupby('nope')", "pd.concat([1])", "df.merge(df, on='zz')"]

    reports, milliseconds = warm.run(
        "import pandas as pd\ndf = pd.DataFrame({'a': [1]})", *failing * RUNS, folder=tmp_path
    )

    assert {report["status"] for report in reports[1:]} == {"error"}
    assert sorted(milliseconds[1:])[len(failing) * RUNS // 2] < FAILING_MILLISECONDS


def test_plain_cell_costs_under_five_milliseconds(warm, tmp_path):
    _, milliseconds = warm.run(*["x = 1\nprint(x)\nx"] * RUNS, folder=tmp_path)

    assert sorted(milliseconds)[RUNS // 2] < FAILING_MILLISECONDS / 2


def test_shell_is_made_in_seconds(warm):
    assert warm.ready["import_milliseconds"] + warm.ready["make_milliseconds"] < START_MILLISECONDS
