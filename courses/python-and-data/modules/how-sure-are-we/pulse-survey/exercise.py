# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown]
# # A staff survey with holes
#
# **Course** Python and data for public servants · **Module** How sure are we? · **About 50 minutes** · **You earn**
# Statistical reasoning, level Working
#
# A department asked its 2,400 people: *would you recommend it as a place to work?* 981 answered. The press office has a
# sentence ready: "69% of our staff recommend us." The director of people stops it and asks you:
#
# > *What do we know about all 2,400? How far off could the 69% be?*
#
# When you have finished, you will be able to:
#
# 1. work out a share with the right people in its denominator
# 2. weight it, so that grades that answer often do not count more than they should
# 3. give a 95% interval, and say what it covers
# 4. say how far those who did not answer could move the result
#
# **The data is made up**: `make_data.py`, seed 5. So at the end, for once, you can look up the truth.

# %%
import pandas as pd

survey = pd.read_csv("survey.csv")
staff = pd.read_csv("grades.csv").set_index("grade")["staff"]
survey.head()

# %% [markdown]
# | column | meaning |
# |---|---|
# | `person` | a number for each person who was asked |
# | `grade` | AO, EO, HEO, SEO or G7, from the lowest to the highest |
# | `answer` | `yes`, `no`, `prefer not to say`, or empty: no answer |
#
# `staff` says how many people work in each grade.

# %%
survey["answer"].value_counts(dropna=False), staff

# %% [markdown]
# ## Worked example: the sentence of the press office
#
# This function works out the share of `yes` among those who answered. Somebody who ticked "prefer not to say" **did**
# answer, so this person is in the denominator. Read it and run both cells.

# %%
def plain_share(survey):
    """The share of yes among all who gave an answer."""
    answers = survey["answer"].dropna()      # leave out the empty ones
    return (answers == "yes").mean()         # the mean of True and False is a share

# %%
plain_share(survey)

# %% [markdown]
# The share is 0.687. It is right as a number. But is it about the 2,400? Look at who answered:

# %%
survey["answer"].notna().groupby(survey["grade"]).mean().round(2)

# %% [markdown]
# In the lowest grade one person in four answered, in the highest three in four. So the 981 are no small picture of the
# department.
#
# ## 1. The share in each grade (2 points)
#
# Finish `share_by_grade(survey)`. It gives, for each grade, the share of `yes` among all who answered, "prefer not to
# say" included. The first two lines are written. Put your line in place of the last two.
#
# <details><summary>Hint 1</summary><code>is_yes</code> is a column of True and False, one for each answer. What is its
# mean for each grade?
# <details><summary>Hint 2</summary>A column can be grouped by another column with the same rows:
# <code>is_yes.groupby(answers["grade"])</code>
# <details><summary>Hint 3</summary><code>return is_yes.groupby(answers["grade"]).mean()</code></details></details></details>

# %% task="share_by_grade"
def share_by_grade(survey):
    """The share of yes among all answers, for each grade."""
    answers = survey[survey["answer"].notna()]
    is_yes = answers["answer"] == "yes"
    ### BEGIN SOLUTION
    return is_yes.groupby(answers["grade"]).mean()
    ### END SOLUTION

# %%
share_by_grade(survey).round(3)

# %% test="test_share_by_grade" points=2 hidden_message="The function must divide by everybody in the grade who gave an answer, for any grades, and leave out a grade in which nobody did."
_t = pd.DataFrame({
    "grade": ["AO", "AO", "AO", "AO", "AO", "G7", "G7"],
    "answer": ["yes", "no", "prefer not to say", "yes", None, "yes", None],
})
_s = share_by_grade(_t)
assert isinstance(_s, pd.Series), (
    "share_by_grade should give back one number for each grade. Is the word return missing?")
assert sorted(_s.index) == ["AO", "G7"], (
    f"There should be one number for AO and one for G7. Your index is {list(_s.index)}.")
assert abs(float(_s["AO"]) - 2 / 3) > 1e-9, (
    "For AO you got 2 of 3: the person who prefers not to say is missing. This person did answer, and belongs in the "
    "denominator.")
assert abs(float(_s["AO"]) - 2 / 5) > 1e-9, (
    "For AO you got 2 of 5: somebody who gave no answer is in the denominator. Divide by the 4 who answered.")
assert float(_s["AO"]) != 2, "For AO you got 2: that is how many said yes. The mean of True and False is the share."
assert abs(float(_s["AO"]) - 1 / 2) < 1e-9 and float(_s["G7"]) == 1, (
    f"In AO 2 of 4 answers are yes, so 0.5; in G7 1 of 1. You got {float(_s['AO'])} and {float(_s['G7'])}.")
### BEGIN HIDDEN TESTS
_h = pd.DataFrame({
    "answer": ["no", None, "prefer not to say", "yes", "yes", "yes", None, "no", "no"],
    "grade": ["x", "z", "y", "y", "y", "x", "z", "y", "y"],
})
_hs = share_by_grade(_h)
assert {name: round(float(_hs[name]), 6) for name in sorted(_hs.index)} == {"x": 0.5, "y": 0.4}, (
    "share_by_grade is wrong on a survey you have not seen.")
### END HIDDEN TESTS

# %% [markdown]
# ## 2. Weight it (2 points)
#
# Write `weighted_share(shares, staff)`. `shares` has a share for each grade, as in task 1. `staff` has the number of
# people in each grade. Hand back one number: the share that you get if **each grade counts with its staff**, and not
# with its answers.
#
# > multiply the share of each grade by its staff, add up, and divide by the staff
#
# If nobody in a grade has answered, this grade is not in `shares`. Then nothing is known about it. Leave its staff out
# of the sum **below the line** as well.
#
# <details><summary>Hint 1</summary>With the grades as index in both, <code>shares * staff</code> multiplies each grade
# with its own staff.
# <details><summary>Hint 2</summary>Which staff may be counted below the line? Only that of the grades in
# <code>shares</code>: <code>staff[shares.index]</code>
# <details><summary>Hint 3</summary><code>known = staff[shares.index]</code>, and then <code>return (shares *
# known).sum() / known.sum()</code></details></details></details>

# %% task="weighted_share"
def weighted_share(shares, staff):
    """The share of all staff, with each grade counted by its staff; grades without an answer are left out."""
    ### BEGIN SOLUTION
    known = staff[shares.index]
    return float((shares * known).sum() / known.sum())
    ### END SOLUTION

# %%
answered = survey[survey["answer"].notna()]
weighted_share((answered["answer"] == "yes").groupby(answered["grade"]).mean(), staff)

# %% test="test_weighted_share" points=2 hidden_message="The function must weight each grade by its own staff whatever the order of the grades, and leave out the staff of grades of which nothing is known."
_shares = pd.Series([0.5, 0.9], index=["AO", "G7"])
_staff = pd.Series([300, 100], index=["AO", "G7"])
_w = weighted_share(_shares, _staff)
assert _w is not None, "weighted_share gave nothing back. Is the word return missing?"
assert abs(_w - 0.7) > 1e-9, (
    "You got 0.7: that is the plain mean of the two shares. AO has three times as many people as G7, so it must "
    "count three times.")
assert abs(_w - 0.8) > 1e-9, "You got 0.8: the weights are swapped. AO has 300 people and a share of 0.5."
assert abs(_w) < 1.0001, f"You got {_w:.0f}: that is a number of people. Divide it by the staff."
assert abs(_w - 0.6) < 1e-9, f"(0.5 x 300 + 0.9 x 100) / 400 = 0.6. You got {_w}."
_three = pd.Series([300, 100, 400], index=["AO", "G7", "EO"])
_w3 = weighted_share(_shares, _three)
assert abs(_w3 - 0.3) > 1e-9, (
    "Here nobody in EO has answered, and you counted its 400 people as if all had said no. Leave their staff out "
    "below the line.")
assert abs(_w3 - 0.6) < 1e-9, f"Nothing is known about EO, so the share stays 0.6. You got {_w3}."
### BEGIN HIDDEN TESTS
_hs = pd.Series([0.2, 0.4, 1.0], index=["c", "a", "b"])
_hn = pd.Series([10, 30, 50, 70], index=["a", "b", "c", "d"])
assert abs(weighted_share(_hs, _hn) - (0.2 * 50 + 0.4 * 10 + 1.0 * 30) / 90) < 1e-9, (
    "weighted_share is wrong for grades you have not seen.")
### END HIDDEN TESTS

# %% [markdown]
# ## 3. A 95% interval (2 points)
#
# Write `interval(survey)`. It gives the 95% interval of the **plain** share, as two numbers: `return low, high`.
#
# - `p` is the share of `yes` among those who answered, as in the worked example
# - `n` is the number of people who answered
# - the margin is 1.96 times the square root of `p * (1 - p) / n`. In Python a square root is `** 0.5`
# - a share cannot be below 0 or above 1, so cut the interval there
#
# <details><summary>Hint 1</summary>Work out <code>p</code> and <code>n</code> first, from the same column
# <code>answers</code>.
# <details><summary>Hint 2</summary><code>margin = 1.96 * (p * (1 - p) / n) ** 0.5</code>
# <details><summary>Hint 3</summary><code>return max(0, p - margin), min(1, p + margin)</code></details></details></details>

# %% task="interval"
def interval(survey):
    """The 95% interval of the share of yes among all answers, cut at 0 and 1."""
    ### BEGIN SOLUTION
    answers = survey["answer"].dropna()
    n = len(answers)
    p = float((answers == "yes").mean())
    margin = 1.96 * (p * (1 - p) / n) ** 0.5
    return max(0.0, p - margin), min(1.0, p + margin)
    ### END SOLUTION

# %%
interval(survey)

# %% test="test_interval" points=2 hidden_message="The function must use the number of people who answered, count everybody who gave an answer, and never go below nothing or above everything."
_t = pd.DataFrame({"answer": ["yes"] * 60 + ["no"] * 30 + ["prefer not to say"] * 10 + [None] * 300})
_out = interval(_t)
assert isinstance(_out, tuple) and len(_out) == 2, "Hand back two numbers: return low, high"
_half = (_out[1] - _out[0]) / 2
_middle = (_out[1] + _out[0]) / 2
assert abs(_middle - 0.15) > 0.01, (
    "Your interval lies around 0.15: you divided by everybody who was asked. The share is among the 100 who answered.")
assert abs(_middle - 2 / 3) > 0.01, (
    "Your interval lies around 0.67: the people who prefer not to say are missing. They did answer.")
assert abs(_half - 1.96 * (0.6 * 0.4 / 400) ** 0.5) > 1e-6, (
    "Your interval is half as wide as it should be: you took n from all 400 who were asked. Only the 100 who "
    "answered tell you something.")
assert abs(_half - (0.6 * 0.4 / 100) ** 0.5) > 1e-6, (
    "The 1.96 is missing. Without it the interval holds the truth in about 68% of cases only.")
assert abs(_half - 1.96 * 0.6 * 0.4 / 100) > 1e-6, "The square root is missing: write ** 0.5 behind the brackets."
assert abs(_out[0] - 0.504) < 0.001 and abs(_out[1] - 0.696) < 0.001, (
    f"With 60 yes among 100 answers, the interval goes from 0.504 to 0.696. You got {_out[0]:.3f} to {_out[1]:.3f}.")
### BEGIN HIDDEN TESTS
_small = pd.DataFrame({"answer": ["yes", "yes", "yes", "no", None]})
_low, _high = interval(_small)
assert abs(_high - 1) < 1e-9 and abs(_low - (0.75 - 1.96 * (0.75 * 0.25 / 4) ** 0.5)) < 1e-9, (
    "interval is wrong for a small survey you have not seen.")
_low, _high = interval(pd.DataFrame({"answer": ["no", "no", "no", "no", "yes"]}))
assert abs(_low) < 1e-9 and _high < 0.56, "interval is wrong for a small survey you have not seen."
### END HIDDEN TESTS

# %% [markdown]
# ## 4. What if the others had answered? (2 points)
#
# The interval covers chance. It does not cover the 1,419 who gave no answer, nor those who prefer not to say. Write
# `bounds(survey)`. It gives two shares of **everybody who was asked**: `return lowest, highest`.
#
# - `lowest`: if all of whom you do not know it would have said no
# - `highest`: if all of them would have said yes
#
# <details><summary>Hint 1</summary>You know two numbers for certain: how many said yes, and how many said no. All
# others are unknown.
# <details><summary>Hint 2</summary>For the lowest share only the known yes count. For the highest, everybody who did
# not say no counts.
# <details><summary>Hint 3</summary><code>yes = (survey["answer"] == "yes").sum()</code>, the same for no, and
# <code>return yes / len(survey), 1 - no / len(survey)</code></details></details></details>

# %% task="bounds"
def bounds(survey):
    """The lowest and the highest share of yes that everybody who was asked could have."""
    ### BEGIN SOLUTION
    yes = int((survey["answer"] == "yes").sum())
    no = int((survey["answer"] == "no").sum())
    return yes / len(survey), 1 - no / len(survey)
    ### END SOLUTION

# %%
bounds(survey)

# %% test="test_bounds" points=2 hidden_message="The function must divide by everybody who was asked, and treat as unknown all those who said neither yes nor no."
_t = pd.DataFrame({"answer": ["yes"] * 4 + ["no"] * 1 + ["prefer not to say"] * 2 + [None] * 3})
_out = bounds(_t)
assert isinstance(_out, tuple) and len(_out) == 2, "Hand back two numbers: return lowest, highest"
assert _out[0] <= _out[1], "Your lowest share is above your highest. Swap them."
assert abs(_out[1] - 0.7) > 1e-9, (
    "Your highest share is 0.7: you counted those who prefer not to say as no. You do not know it of them either.")
assert abs(_out[0] - 4 / 7) > 1e-9, (
    "Your lowest share is 4 of 7: divide by all 10 who were asked, and not by those who answered.")
assert abs(_out[0] - 0.4) < 1e-9, f"4 of 10 said yes for certain, so the lowest share is 0.4. You got {_out[0]}."
assert abs(_out[1] - 0.9) < 1e-9, f"Only 1 of 10 said no for certain, so the highest share is 0.9. You got {_out[1]}."
### BEGIN HIDDEN TESTS
_h = pd.DataFrame({"answer": [None] * 6 + ["no"] * 9 + ["yes"] * 5})
assert [round(float(value), 9) for value in bounds(_h)] == [0.25, 0.55], (
    "bounds is wrong for a survey you have not seen.")
_all = pd.DataFrame({"answer": ["yes", "no", "no", "no"]})
assert [round(float(value), 9) for value in bounds(_all)] == [0.25, 0.25], (
    "When everybody has answered, both bounds are the share.")
### END HIDDEN TESTS

# %%
# Put it together (not marked).
try:
    low, high = interval(survey)
    lowest, highest = bounds(survey)
    print(f"Plain share:           {plain_share(survey):.1%}")
    print(f"95% interval:          {low:.1%} to {high:.1%}")
    print(f"Weighted by grade:     {weighted_share(share_by_grade(survey), staff):.1%}")
    print(f"If the rest said no:   {lowest:.1%}")
    print(f"If the rest said yes:  {highest:.1%}")
except NotImplementedError:
    print("Finish the four tasks first.")

# %% [markdown]
# ## And the truth?
#
# In this invented department the truth is known: **61%** of the 2,400 would recommend it. Compare it with what you
# found.
#
# - The plain share said 69%, with an interval from 66% to 72%. **The truth is not in it.** The interval covers the
#   chance in who happens to answer. It does not cover that some kinds of people answer less.
# - Weighting by grade brought it down to 67%. It mends that the higher grades answer more. It cannot mend that unhappy
#   people of the same grade answer less.
# - The bounds, from 28% to 89%, hold the truth. They are so wide because three people in five are unknown. That is not
#   a weakness of the sum. It is what the survey tells about people who said nothing.
#
# So what can the press office write? Perhaps: "Of the 981 colleagues who answered our survey, 69% would recommend us.
# Three in five did not answer, so we do not know what they think. In spring we will ask a small random group in
# person."
