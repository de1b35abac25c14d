"""The bench's own exercises, as authors write them: py:percent scripts (see `grading.scripts`)."""

PLAIN = '''\
# %% [markdown]
# # Send each letter to its desk

# %%
DESKS = {"rent": "housing", "school": "education", "bin": "streets"}

# %% task="desk_for"
def desk_for(letter):
    """The desk of the first word that a desk deals with, or "front desk"."""
    ### BEGIN SOLUTION
    for word in letter.lower().split():
        if word.strip(".,?!") in DESKS:
            return DESKS[word.strip(".,?!")]
    return "front desk"
    ### END SOLUTION

# %% test="test_desk_for" points=3
assert desk_for("My rent is late") == "housing"
assert desk_for("Hello") == "front desk"
### BEGIN HIDDEN TESTS
assert desk_for("A new SCHOOL, please!") == "education"
assert desk_for("") == "front desk"
### END HIDDEN TESTS

# %% task="workload"
def workload(letters):
    """How many letters each desk receives, the fullest desk first."""
    ### BEGIN SOLUTION
    counts = {}
    for letter in letters:
        counts[desk_for(letter)] = counts.get(desk_for(letter), 0) + 1
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    ### END SOLUTION

# %%
workload(["bin", "rent", "bin"])

# %% test="test_workload" points=2
assert workload(["bin", "rent", "bin"]) == [("streets", 2), ("housing", 1)]
### BEGIN HIDDEN TESTS
assert workload([]) == []
assert workload(["rent", "bin", "hello"]) == [("front desk", 1), ("housing", 1), ("streets", 1)]
### END HIDDEN TESTS

# %% test="test_each_word" points=3
score = 0
for word, desk in (("rent", "housing"), ("school", "education"), ("bin", "streets")):
    score += desk_for(word) == desk
score

# %% [markdown] manual="harm" points=4
# Who waits longest when a letter goes to the wrong desk?
'''

PANDAS = """\
# %% [markdown]
# # What libraries lend

# %%
import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

matplotlib.use("agg")  # the chart is checked, not shown
random = np.random.default_rng(11)
loans = pd.DataFrame(
    {
        "branch": np.repeat(["Acton", "Brent", "Camden", "Dalston", "Ealing"], 2000),
        "month": np.tile(np.arange(1, 13), 834)[:10000],
        "books": random.poisson(6, 10000).astype(float),
    }
)
loans.loc[::50, "books"] = np.nan
loans.head()

# %% task="totals"
### BEGIN SOLUTION
totals = loans.groupby("branch")["books"].agg(["sum", "mean", "count"])
totals
### END SOLUTION

# %% test="test_totals" points=3
assert list(totals.columns) == ["sum", "mean", "count"], "Work out sum, mean and count."
### BEGIN HIDDEN TESTS
assert totals["count"].sum() == 9800
assert np.allclose(totals["sum"] / totals["count"], totals["mean"])
### END HIDDEN TESTS

# %% task="seasons"
### BEGIN SOLUTION
seasons = loans.pivot_table(index="month", columns="branch", values="books", aggfunc="sum")
seasons = seasons.assign(all=seasons.sum(axis=1)).sort_index()
### END SOLUTION

# %% test="test_seasons" points=3
assert seasons.shape == (12, 6), "One row for each month, one column for each branch, and their sum."
### BEGIN HIDDEN TESTS
assert abs(seasons["all"].sum() - totals["sum"].sum()) < 1e-6
assert not seasons.isna().any().any()
### END HIDDEN TESTS

# %% task="chart"
### BEGIN SOLUTION
figure, chart = plt.subplots()
for branch in ("Acton", "Brent", "all"):
    chart.plot(seasons.index, seasons[branch], label=branch)
chart.set_title("Books lent")
### END SOLUTION

# %% test="test_chart" points=2
assert chart.get_title() == "Books lent"
### BEGIN HIDDEN TESTS
assert len(chart.get_lines()) == 3
### END HIDDEN TESTS

# %% [markdown] manual="gaps" points=4
# What do the missing numbers hide?
"""

SKLEARN = """\
# %% [markdown]
# # Which claims need a second look

# %%
from sklearn.datasets import make_classification
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

X, y = make_classification(n_samples=1600, n_features=20, n_informative=6, random_state=5)

# %% task="split"
### BEGIN SOLUTION
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.25, random_state=0)
### END SOLUTION

# %% test="test_split" points=1
assert (X_train.shape, X_test.shape) == ((1200, 20), (400, 20)), "Keep a quarter of the claims for the test."

# %% task="models"
### BEGIN SOLUTION
linear = make_pipeline(StandardScaler(), LogisticRegression(max_iter=500)).fit(X_train, y_train)
forest = RandomForestClassifier(n_estimators=30, random_state=0).fit(X_train, y_train)
linear
### END SOLUTION

# %% test="test_linear" points=3
assert accuracy_score(y_test, linear.predict(X_test)) > 0.6
### BEGIN HIDDEN TESTS
unseen = make_classification(n_samples=1600, n_features=20, n_informative=6, random_state=5)
assert accuracy_score(unseen[1], linear.predict(unseen[0])) > 0.6
### END HIDDEN TESTS

# %% test="test_forest" points=3
assert accuracy_score(y_test, forest.predict(X_test)) > 0.8
### BEGIN HIDDEN TESTS
assert forest.get_params()["n_estimators"] >= 20
### END HIDDEN TESTS

# %% [markdown] manual="audit" points=4
# How would you find out whom this model fails?
"""

_PROBE = """\
# %%
import matplotlib.pyplot as plt
import pandas as pd

# %% task="answer"
### BEGIN SOLUTION
def same(value):
    return value

def doubled(table):
    return table.assign(number=table["number"] * 2)

{answered}
### END SOLUTION

# %% test="test_answer" points=1
assert same(1) == 1

# %% test="test_probe" points=1
{tested}
"""
_TABLE = """\
words = ["rent", "school", None, "bin"] * 25_000
table = pd.DataFrame({{"number": range(100_000), "share": 0.5, "word": words, "day": pd.Timestamp("2026-01-05")}})
assert {function}(table)["number"].sum() == 100_000 * 99_999
"""


def probe(*, answered: str = "None", tested: str = "None") -> str:
    """An exercise of next to nothing, with this code at the end of the learner's cell and this code as a test."""
    return _PROBE.format(answered=answered, tested=tested)


def big_table(function: str) -> str:
    """A test that gives a table of 100,000 rows in four columns to a function and reads the table it returns."""
    return _TABLE.format(function=function)
