# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown]
# # The paradox in numbers
#
# **Course** Python and data for public servants · **Module** How sure are we? · **About 40 minutes** · **Practice** that
# prepares you to check comparisons at work. It earns no level by itself
#
# Two famous tables. In the first, a university seems to prefer men. In the second, smoking seems to keep people alive.
# A member of a parliamentary committee has seen both and asks you:
#
# > *Can you check, for any table like these, whether the comparison turns round when both groups have the same mix?*
#
# When you have finished, you will be able to:
#
# 1. work out the rate of each group from counts, and not from percentages
# 2. work out rates as if both groups were made up alike
# 3. say whether a comparison turns round, also when it does not
#
# **The data is real**: applications to the six largest departments at Berkeley in 1973, and 1,314 women of Whickham in
# England, who were asked in 1972 to 1974 whether they smoked, and looked up again twenty years later.

# %%
import pandas as pd

admissions = pd.read_csv("admissions.csv")
whickham = pd.read_csv("whickham.csv")
whickham

# %% [markdown]
# Both tables have the same columns:
#
# | column | in admissions | in whickham |
# |---|---|---|
# | `part` | the department | the age of the women at the start |
# | `group` | men or women | smokers, or never smoked |
# | `n` | how many applied | how many women |
# | `cases` | how many got a place | how many had died after twenty years |
#
# ## Worked example: the rate of each row
#
# This function adds a column with the rate of each row: cases divided by people. Read it and run both cells.

# %%
def with_rates(table):
    """A copy of the table with the rate of each row."""
    return table.assign(rate=table["cases"] / table["n"])

# %%
with_rates(whickham).pivot(index="part", columns="group", values="rate").round(2)

# %% [markdown]
# In five of the seven ages a larger share of the smokers had died. In the highest age everybody had.
#
# ## 1. The overall rates (2 points)
#
# Finish `overall_rates(table)`. It gives the rate of each group over all parts: all its cases divided by all its
# people. The first line adds up the two columns for each group. Put your line in place of the last two.
#
# <details><summary>Hint 1</summary><code>sums</code> is a small table with one row for each group. Which of its two
# columns stands above the line?
# <details><summary>Hint 2</summary>Divide a column by a column, as in the worked example.
# <details><summary>Hint 3</summary><code>return sums["cases"] / sums["n"]</code></details></details></details>

# %% task="overall_rates"
def overall_rates(table):
    """For each group, all cases divided by all people."""
    sums = table.groupby("group")[["n", "cases"]].sum()
    ### BEGIN SOLUTION
    return sums["cases"] / sums["n"]
    ### END SOLUTION

# %%
overall_rates(admissions).round(3), overall_rates(whickham).round(3)

# %% test="test_overall_rates" points=2 hidden_message="The function must add up cases and people first and divide then, for any groups and any parts."
_t = pd.DataFrame({
    "part": ["easy", "easy", "hard", "hard"],
    "group": ["X", "Y", "X", "Y"],
    "n": [90, 10, 10, 90],
    "cases": [81, 10, 5, 54],
})
_o = overall_rates(_t)
assert isinstance(_o, pd.Series), (
    "overall_rates should give back one number for each group. Is the word return missing?")
assert sorted(_o.index) == ["X", "Y"], (
    f"There should be one number for X and one for Y. Your index is {list(_o.index)}.")
assert abs(float(_o["X"]) - 0.7) > 1e-9, (
    "For X you got 0.7: the mean of its two percentages. They stand for 90 and for 10 people. Add up the people and "
    "the cases first.")
assert abs(float(_o["X"]) - 100 / 86) > 1e-9, "For X you got more than 1: you divided the people by the cases."
assert abs(float(_o["X"]) - 0.86) < 1e-9 and abs(float(_o["Y"]) - 0.64) < 1e-9, (
    f"X has 86 cases among 100, Y has 64. You got {float(_o['X'])} and {float(_o['Y'])}.")
### BEGIN HIDDEN TESTS
_h = pd.DataFrame({
    "cases": [1, 2, 3, 4, 5, 6],
    "n": [10, 20, 60, 8, 50, 30],
    "group": ["p", "q", "p", "q", "p", "q"],
    "part": ["1", "1", "2", "2", "3", "3"],
})
_ho = overall_rates(_h)
assert abs(float(_ho["p"]) - 9 / 120) < 1e-9 and abs(float(_ho["q"]) - 12 / 58) < 1e-9, (
    "overall_rates is wrong on a table you have not seen.")
### END HIDDEN TESTS

# %% [markdown]
# ## 2. The same mix for both (3 points)
#
# Write `same_mix_rates(table)`. It gives the rate of each group **if it had the mix of both groups together**:
#
# 1. work out the rate of each row
# 2. work out how many people there are in each part, both groups together: this is the mix
# 3. for each group, multiply the rate in each part by the people of that part, add up, and divide by all people
#
# Every part in the tests has people of both groups.
#
# These lines show two things that you need. Run the cell:

# %%
rates = with_rates(whickham).pivot(index="part", columns="group", values="rate")   # parts as rows, groups as columns
people = whickham.groupby("part")["n"].sum()                                       # both groups together
rates["smokers"] * people                                                          # each part times its own people

# %% [markdown]
# <details><summary>Hint 1</summary>Both <code>rates</code> and <code>people</code> have the parts as index, so each
# rate finds its own people.
# <details><summary>Hint 2</summary>For one group: <code>(rates["smokers"] * people).sum() / people.sum()</code>. For
# all groups at once, multiply the whole table: <code>rates.mul(people, axis=0)</code>
# <details><summary>Hint 3</summary><code>return rates.mul(people, axis=0).sum() / people.sum()</code></details></details></details>

# %% task="same_mix_rates"
def same_mix_rates(table):
    """For each group, its rate if it were made up like both groups together."""
    ### BEGIN SOLUTION
    rates = table.assign(rate=table["cases"] / table["n"]).pivot(index="part", columns="group", values="rate")
    people = table.groupby("part")["n"].sum()
    return rates.mul(people, axis=0).sum() / people.sum()
    ### END SOLUTION

# %%
same_mix_rates(admissions).round(3), same_mix_rates(whickham).round(3)

# %% test="test_same_mix_rates" points=3 hidden_message="The function must give every group the mix of all groups together, for any parts in any order of rows."
_t = pd.DataFrame({
    "part": ["easy", "easy", "hard", "hard"],
    "group": ["X", "Y", "X", "Y"],
    "n": [90, 30, 10, 70],
    "cases": [81, 30, 5, 42],
})
_m = same_mix_rates(_t)
assert isinstance(_m, pd.Series), (
    "same_mix_rates should give back one number for each group. Is the word return missing?")
assert sorted(_m.index) == ["X", "Y"], (
    f"There should be one number for X and one for Y. Your index is {list(_m.index)}.")
_x, _y = float(_m["X"]), float(_m["Y"])
assert abs(_y - 0.96) > 1e-9 and abs(_x - 0.62) > 1e-9, (
    "One group was given the mix of the other. Neither group should set the mix alone. Use the people of both "
    "together.")
assert abs(_x - 0.86) > 1e-9, (
    "For X you got 0.86, its overall rate: each group was given its own mix. Give both the mix of both together: 120 "
    "easy and 80 hard.")
assert abs(_x - 0.7) > 1e-9, (
    "For X you got 0.7: the plain mean of its two rates. There are more easy cases than hard ones, so they must "
    "count more.")
assert abs(_x) < 1.0001, f"For X you got {_x:.0f}: that is a number of cases. Divide it by all people."
assert abs(_x - 0.74) < 1e-9 and abs(_y - 0.84) < 1e-9, (
    f"With 120 easy and 80 hard cases, X has (0.9 x 120 + 0.5 x 80) / 200 = 0.74, and Y has 0.84. You got {_x} and "
    f"{_y}.")
### BEGIN HIDDEN TESTS
_h = pd.DataFrame({
    "group": ["b", "a", "a", "b", "a", "b"],
    "cases": [1, 5, 9, 4, 2, 3],
    "part": ["z", "z", "y", "y", "x", "x"],
    "n": [4, 10, 10, 16, 4, 6],
})
_hm = same_mix_rates(_h)
assert abs(float(_hm["a"]) - (0.5 * 14 + 0.9 * 26 + 0.5 * 10) / 50) < 1e-9, (
    "same_mix_rates is wrong on a table you have not seen.")
assert abs(float(_hm["b"]) - (0.25 * 14 + 0.25 * 26 + 0.5 * 10) / 50) < 1e-9, (
    "same_mix_rates is wrong on a table you have not seen.")
### END HIDDEN TESTS

# %% [markdown]
# ## 3. Does it turn round? (3 points)
#
# Write `turns_round(overall, same_mix)`. Both are columns of two numbers with the two groups as index, as tasks 1 and 2
# give them. Hand back `True` if the group that is higher in `overall` is the lower one in `same_mix`, and `False` if
# not. If the two groups are equal in one of them, nothing turns round: `False`.
#
# A difference that only gets **smaller** does not turn round. Most comparisons do not, and a good check says so.
#
# <details><summary>Hint 1</summary>Which group is the highest in each of the two? <code>overall.idxmax()</code> names
# it.
# <details><summary>Hint 2</summary>It turns round if the two names differ. But look first whether the two numbers are
# equal: is the maximum the minimum?
# <details><summary>Hint 3</summary><code>if overall.max() == overall.min() or same_mix.max() == same_mix.min(): return
# False</code>, and then <code>return overall.idxmax() != same_mix.idxmax()</code></details></details></details>

# %% task="turns_round"
def turns_round(overall, same_mix):
    """Whether the group with the higher overall rate has the lower rate with the same mix."""
    ### BEGIN SOLUTION
    if overall.max() == overall.min() or same_mix.max() == same_mix.min():
        return False
    return overall.idxmax() != same_mix.idxmax()
    ### END SOLUTION

# %% test="test_turns_round" points=3 hidden_message="The function must find the groups by their names, say no when the order stays, and say no when two rates are equal."
_overall = pd.Series([0.45, 0.30], index=["men", "women"])
_turned = pd.Series([0.39, 0.43], index=["men", "women"])
_smaller = pd.Series([0.41, 0.38], index=["men", "women"])
_yes, _no = turns_round(_overall, _turned), turns_round(_overall, _smaller)
assert _yes is not None, "turns_round gave nothing back. Is the word return missing?"
assert _yes, "Men are higher overall and lower with the same mix. This turns round, so the answer is True."
assert not _no, (
    "Men are higher overall, and still higher with the same mix. The difference got smaller, but it did not turn "
    "round: False.")
_swapped = pd.Series([0.43, 0.39], index=["women", "men"])
assert turns_round(_overall, _swapped), (
    "Here the second column lists women first. Go by the names of the groups and not by their place: use idxmax().")
### BEGIN HIDDEN TESTS
assert not turns_round(pd.Series([0.2, 0.5], index=["a", "b"]), pd.Series([0.9, 0.1], index=["b", "a"])), (
    "turns_round is wrong for groups you have not seen.")
assert turns_round(pd.Series([0.2, 0.5], index=["a", "b"]), pd.Series([0.1, 0.9], index=["b", "a"])), (
    "turns_round is wrong for groups you have not seen.")
assert not turns_round(pd.Series([0.5, 0.5], index=["a", "b"]), pd.Series([0.1, 0.9], index=["a", "b"])), (
    "When two rates are equal, nothing turns round.")
assert not turns_round(pd.Series([0.6, 0.5], index=["a", "b"]), pd.Series([0.3, 0.3], index=["a", "b"])), (
    "When two rates are equal, nothing turns round.")
### END HIDDEN TESTS

# %%
# Put it together (not marked).
try:
    for name, table in [("Berkeley", admissions), ("Whickham", whickham)]:
        overall, same_mix = overall_rates(table), same_mix_rates(table)
        print(name, "turns round:", turns_round(overall, same_mix))
        print(pd.DataFrame({"overall": overall, "same mix": same_mix}).round(3))
except NotImplementedError:
    print("Finish the three tasks first.")

# %% [markdown]
# ## What would you tell the committee?
#
# Both comparisons turn round. With the same mix of departments, 39% of the men and 43% of the women would have got a
# place. And with the same mix of ages, more of the smokers had died: 30% against 26%. Smokers had looked healthier
# because few of the oldest women had ever smoked.
#
# It was right to split by age: age was there before anybody smoked. It would be wrong to split by lung disease. That is
# one of the ways in which smoking kills, so splitting by it would hide the effect.
