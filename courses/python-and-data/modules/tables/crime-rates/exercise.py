# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown]
# # Rates, not counts
#
# **Course** Python and data for public servants · **Module** Tables · **About 45 minutes** · **You earn** Data
# handling, level Awareness
#
# An assistant chief constable has a team of ten officers against burglary, and a list of areas sorted by the number of
# burglaries. The largest town is at the top. It always is. She asks you:
#
# > *Where are burglaries most common for the people who live there? Give me five areas, and tell me what the list
# > leaves out.*
#
# When you have finished, you will be able to:
#
# 1. take total rows out of a table, wherever they stand
# 2. add up a column for each group
# 3. turn counts into rates with the help of a second table, and sort them
#
# **The data is made up**: 20 invented areas from `make_data.py`, seed 3. In it, each crime is recorded. In real life
# many are not.

# %%
import pandas as pd

recorded = pd.read_csv("recorded.csv")
population = pd.read_csv("population.csv")
recorded.head()

# %% [markdown]
# | column | meaning |
# |---|---|
# | `area` | the area |
# | `quarter` | the quarter of the year |
# | `offence` | burglary, criminal damage, shoplifting or vehicle crime |
# | `recorded` | how many offences were recorded |
#
# So one row is one area, one quarter and one kind of offence. Look at the second table too:

# %%
population.tail()

# %% [markdown]
# ## Worked example: one offence, one number
#
# How many burglaries are in the table? This function filters the rows and adds up a column. Read it and run both cells.

# %%
def total_of(table, offence):
    """All recorded offences of this kind, added up."""
    rows = table[table["offence"] == offence]
    return rows["recorded"].sum()

# %%
total_of(recorded, "burglary")

# %% [markdown]
# It says 15,690. That is exactly **twice** the truth. Why? Look at the last rows of the table:

# %%
recorded.tail()

# %% [markdown]
# The rows for `ALL AREAS` are the sums of the other rows. Every burglary is in the table twice: once in its area, once
# in the total.
#
# ## 1. Take the totals out (2 points)
#
# Finish `areas_only(table)`. It gives the table back without the rows whose area is `ALL AREAS`. The first line makes a
# mask of `True` and `False`: is this row a total? Put your line in place of the last two.
#
# The rows with totals may stand anywhere, so do not count on them being the last ones.
#
# <details><summary>Hint 1</summary>A mask in square brackets keeps the rows with <code>True</code>. Which rows do you
# want to keep: those that are totals, or the others?
# <details><summary>Hint 2</summary>The sign <code>~</code> in front of a mask turns it round: <code>~is_total</code> is
# <code>True</code> where the row is not a total.
# <details><summary>Hint 3</summary><code>return table[~is_total]</code></details></details></details>

# %% task="areas_only"
def areas_only(table):
    """The rows of single areas, without those for ALL AREAS."""
    is_total = table["area"] == "ALL AREAS"
    ### BEGIN SOLUTION
    return table[~is_total]
    ### END SOLUTION

# %%
len(recorded), len(areas_only(recorded))  # how many rows went away?

# %% test="test_areas_only" points=2 hidden_message="The function must take out the total rows of any table that has a column area, wherever they stand, and keep every other row as it is."
_t = pd.DataFrame({
    "area": ["ALL AREAS", "Alder", "Beck", "Alder"],
    "recorded": [60, 10, 20, 30],
})
_before = _t.copy()
_a = areas_only(_t)
assert isinstance(_a, pd.DataFrame), "areas_only should give back a table. Is the word return missing?"
assert len(_a) > 0 and not (_a["area"] == "ALL AREAS").all(), (
    "You kept the totals and took the areas out. Turn the mask round with ~.")
assert "ALL AREAS" not in list(_a["area"]), (
    "The row for ALL AREAS is still there. In this table it is the first row. Use the mask, not the place of the row.")
assert len(_a) == 3, f"Three rows are not totals, so three should be left. You have {len(_a)}."
assert _a["recorded"].sum() == 60, f"The three areas add up to 60. Yours add up to {_a['recorded'].sum()}."
assert _t.equals(_before), "Your function changed the table that it was given. Give back a new one: table[~is_total]."
### BEGIN HIDDEN TESTS
_h = pd.DataFrame({
    "population": [5, 9, 4],
    "area": ["Cole", "ALL AREAS", "Dene"],
})
assert list(areas_only(_h)["area"]) == ["Cole", "Dene"], "areas_only fails on a table you have not seen."
assert list(areas_only(_h).columns) == ["population", "area"], "areas_only must keep all columns."
_none = pd.DataFrame({"area": ["Cole", "Dene"], "recorded": [1, 2]})
assert areas_only(_none).equals(_none), "areas_only fails on a table without totals."
### END HIDDEN TESTS

# %% [markdown]
# ## 2. Add up for each area (3 points)
#
# Write `counts_by_area(table, offence)`. It gives the offences of this kind for each area, all quarters added up. The
# table that you get has no totals any more. Hand back what `groupby` gives: a column of numbers with the areas as its
# index.
#
# <details><summary>Hint 1</summary>Two steps: first keep the rows of the offence, as the worked example does. Then say
# "for each area".
# <details><summary>Hint 2</summary>One row is already a count for a quarter. So add up the column
# <code>recorded</code>; do not count rows.
# <details><summary>Hint 3</summary><code>rows.groupby("area")["recorded"].sum()</code></details></details></details>

# %% task="counts_by_area"
def counts_by_area(table, offence):
    """Recorded offences of this kind in each area, all quarters together."""
    ### BEGIN SOLUTION
    rows = table[table["offence"] == offence]
    return rows.groupby("area")["recorded"].sum()
    ### END SOLUTION

# %%
counts_by_area(recorded[recorded["area"] != "ALL AREAS"], "burglary").head()

# %% test="test_counts_by_area" points=3 hidden_message="The function must add up the recorded offences of the kind that is asked for, for any areas, any number of quarters and any order of rows and columns."
_t = pd.DataFrame({
    "area": ["Alder", "Alder", "Beck", "Alder", "Beck"],
    "quarter": ["Q1", "Q2", "Q1", "Q1", "Q2"],
    "offence": ["burglary", "burglary", "burglary", "fraud", "burglary"],
    "recorded": [10, 30, 5, 100, 6],
})
_c = counts_by_area(_t, "burglary")
assert isinstance(_c, pd.Series), (
    "counts_by_area should give back one number for each area: a grouped column. Is the word return missing, or the "
    "column [\"recorded\"]?")
assert sorted(_c.index) == ["Alder", "Beck"], (
    f"There should be one number for each area, Alder and Beck. Your index is {list(_c.index)}. Group by area.")
assert _c["Alder"] != 140, (
    "For Alder you got 140: the fraud is in it. Keep only the rows of the offence that is asked for.")
assert _c["Alder"] != 2, "For Alder you got 2: that is how many rows there are. Add the column recorded up with sum()."
assert _c["Alder"] != 20, "For Alder you got 20: that is the mean of its quarters. Add them up with sum()."
assert _c["Alder"] == 40 and _c["Beck"] == 11, (
    f"Burglaries in Alder are 10 + 30 = 40, in Beck 5 + 6 = 11. You got {_c['Alder']} and {_c['Beck']}.")
### BEGIN HIDDEN TESTS
_h = pd.DataFrame({
    "recorded": [1, 2, 4, 8, 16, 32],
    "offence": ["theft", "arson", "theft", "theft", "arson", "theft"],
    "area": ["Z", "Z", "Y", "Z", "Y", "X"],
})
_hc = counts_by_area(_h, "theft")
assert {name: int(_hc[name]) for name in sorted(_hc.index)} == {"X": 32, "Y": 4, "Z": 9}, (
    "counts_by_area is wrong on a table you have not seen.")
assert int(counts_by_area(_h, "arson")["Y"]) == 16, "counts_by_area is wrong for an offence you have not seen."
### END HIDDEN TESTS

# %% [markdown]
# ## 3. The highest rates (3 points)
#
# Write `top_rates(counts, population, k=5)`. `counts` is what task 2 gives. `population` is a table with the columns
# `area` and `population`. Hand back the `k` areas with the most offences **for each 1,000 people**, the highest rate
# first: again a column of numbers with the areas as its index. `k=5` means: five, unless somebody asks for another
# number.
#
# The two tables list the areas in another order, and `population` may have a row for `ALL AREAS`. An area that is in
# one of them only has no rate: leave it out.
#
# <details><summary>Hint 1</summary>Make the area the index of the second table as well. Then pandas divides each area
# by its own people, whatever the order.
# <details><summary>Hint 2</summary><code>people = population.set_index("area")["population"]</code>. An area without a
# partner gets <code>NaN</code>, and <code>dropna()</code> leaves it out.
# <details><summary>Hint 3</summary><code>rates = (1000 * counts / people).dropna()</code>, and then
# <code>rates.sort_values(ascending=False).head(k)</code></details></details></details>

# %% task="top_rates"
def top_rates(counts, population, k=5):
    """The k areas with the highest rate for each 1,000 people, the highest first."""
    ### BEGIN SOLUTION
    people = population.set_index("area")["population"]
    rates = (1000 * counts / people).dropna()
    return rates.sort_values(ascending=False).head(k)
    ### END SOLUTION

# %%
burglary = recorded[(recorded["area"] != "ALL AREAS") & (recorded["offence"] == "burglary")]
top_rates(burglary.groupby("area")["recorded"].sum(), population)

# %% test="test_top_rates" points=3 hidden_message="The function must find each area's own people whatever the order of the tables, leave out what has no partner, and give as many areas as it is asked for."
_counts = pd.Series([90, 40, 12], index=["Alder", "Beck", "Cole"])
_people = pd.DataFrame({
    "area": ["Cole", "Alder", "Beck", "ALL AREAS"],
    "population": [2000, 30000, 8000, 40000],
})
_r = top_rates(_counts, _people, 3)
assert isinstance(_r, pd.Series), (
    "top_rates should give back a column of rates with the areas as its index. Is return missing?")
assert "ALL AREAS" not in list(_r.index), (
    "ALL AREAS is in your list. It has no count of its own: leave it out with dropna().")
assert list(_r.index) != ["Alder", "Beck", "Cole"], (
    "Alder comes first in your list, and Alder has the most offences. Sort by the rate and not by the count.")
assert abs(_r.iloc[0] - 0.6) > 1e-9, (
    "The first rate is 0.6: that is for each 100 people. The question asks for each 1,000.")
assert abs(_r.get("Alder", 0) - 45) > 1e-9, (
    "For Alder you got 45: its 90 offences were divided by the people of Cole. The tables have another order. Make "
    "the area "
    "the index of both, and pandas finds the partner.")
assert _r.iloc[0] < 100, (
    f"The first rate is {_r.iloc[0]:.0f}. Did you divide the people by the offences? The offences stand above.")
assert list(_r.index) == ["Cole", "Beck", "Alder"], (
    f"The rates are 6 in Cole, 5 in Beck and 3 in Alder, so this is the order. You have {list(_r.index)}.")
assert abs(_r["Cole"] - 6) < 1e-9 and abs(_r["Alder"] - 3) < 1e-9, (
    f"12 of 2,000 people in Cole are 6 for each 1,000, and 90 of 30,000 in Alder are 3. You got {_r['Cole']} and "
    f"{_r['Alder']}.")
assert len(top_rates(_counts, _people, 2)) == 2, "Asked for the top 2, the function should give two areas. Use head(k)."
### BEGIN HIDDEN TESTS
_hc = pd.Series([5, 50, 7, 30], index=["W", "X", "Y", "Z"])
_hp = pd.DataFrame({"population": [1000, 100000, 500, 400], "area": ["W", "X", "Q", "Z"]})
_hr = top_rates(_hc, _hp, 10)
assert list(_hr.index) == ["Z", "W", "X"], "top_rates is wrong on tables you have not seen."
assert [round(float(rate), 6) for rate in _hr] == [75.0, 5.0, 0.5], "top_rates is wrong on tables you have not seen."
_many = pd.Series(range(1, 9), index=list("abcdefgh"))
_same = pd.DataFrame({"area": list("hgfedcba"), "population": [1000] * 8})
assert list(top_rates(_many, _same).index) == ["h", "g", "f", "e", "d"], "Without k the function gives five areas."
### END HIDDEN TESTS

# %%
# Put it together (not marked): the list by count beside the list by rate.
try:
    areas = areas_only(recorded)
    counts = counts_by_area(areas, "burglary")
    print("By count:", list(counts.sort_values(ascending=False).head(5).index))
    print("By rate: ", list(top_rates(counts, population).index))
    print(top_rates(counts, population).round(1))
except NotImplementedError:
    print("Finish the three tasks first.")

# %% [markdown]
# ## What would you tell her?
#
# Three of the five areas with the highest rate are not on the list by count. But look at the first one. Minster Quarter
# is a centre with 7,000 residents. Most of the people who could be harmed there do not live there. So an honest answer
# has two parts:
#
# - Among the residents of the other areas, burglary is most common in Hallowby, Oakhaven and Coldmere, with about 7 to
#   9 in a year for each 1,000 people.
# - Minster Quarter stands apart. Its rate for each resident says little. There, homes and business premises would be a
#   better thing to divide by.
#
# And the list leaves out every burglary that nobody reported or recorded.
