# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown]
# # Does the human help?
#
# **Course** AI ethics and governance in practice · **Module** Human oversight that works · **About 50 minutes** ·
# **You earn** Human oversight, level Working · **You practise** statistical reasoning
#
# An office decides claims for a grant: pay or refuse. A supplier offers a tool that advises the officers. "A person always
# decides," says the supplier, "and with our advice that person is right more often." Before it buys, the office ran a
# trial. Each case was shown in one of three ways, **drawn by lot**: without advice, with advice, or with advice and the
# reasons for it. Experts then worked out the right answer to each case. The head of the office asks you:
#
# > *Does the tool help our officers? For whom does it not? And do the officers catch the tool when it is wrong?*
#
# When you have finished, you will be able to:
#
# 1. give a share of right decisions with its 95% interval, for any groups
# 2. work out how often people overrule advice, when it was wrong and when it was right
# 3. compare a way of working with the officer alone, with an interval for the difference
# 4. say for whom a tool helps, for whom it harms, and where you cannot tell
#
# **The data is made up**: 6,000 cases from `make_data.py`, seed 8. In a real trial you need experts to find out what was
# right, and they can be wrong too.

# %%
import pandas as pd

trial = pd.read_csv("trial.csv")
trial.head()

# %% [markdown]
# | column | meaning |
# |---|---|
# | `case` | a number for the case |
# | `arm` | how it was shown: `alone` (no advice), `advice`, or `reasons` (advice with reasons) |
# | `work` | the claimant is an `employee` or `self-employed` |
# | `advice` | what the tool said, `pay` or `refuse`; empty when no advice was shown |
# | `decision` | what the officer decided, `pay` or `refuse` |
# | `right` | 1 if the decision was right, 0 if it was wrong |
#
# ## Worked example: the supplier's slide
#
# What share of decisions was right in each arm? Read this cell and run it.

# %%
trial.groupby("arm")["right"].mean().round(3)

# %% [markdown]
# Alone, the officers were right in 80.8% of cases. With advice it was 84.7%. This is the supplier's slide, and the number
# is right. The lot makes it a fair comparison too: nobody chose which cases got advice.
#
# But one number for everybody can hide a group for whom the tool makes things worse. And it does not say whether the
# officers look at the advice or just follow it.
#
# ## 1. Right decisions, with an interval (2 points)
#
# Finish `accuracy(trial, by)`. `by` is a list of columns, such as `["arm"]` or `["work", "arm"]`. There is one row for
# each combination, with the number of cases `n`, the share `right`, and its 95% interval from `low` to `high`. The first
# lines are written. Put your lines in place of the last two.
#
# The margin is 1.96 times the square root of `right * (1 - right) / n`. A share cannot be below 0 or above 1, so cut the
# interval there.
#
# <details><summary>Hint 1</summary><code>table["right"]</code> and <code>table["n"]</code> are whole columns. You can
# calculate with them as with numbers, and a square root is <code>** 0.5</code>.
# <details><summary>Hint 2</summary><code>margin = 1.96 * (table["right"] * (1 - table["right"]) / table["n"]) **
# 0.5</code>
# <details><summary>Hint 3</summary><code>table["low"] = (table["right"] - margin).clip(lower=0)</code>, and with
# <code>clip(upper=1)</code> for <code>high</code>. Then <code>return table</code>.</details></details></details>

# %% task="accuracy"
def accuracy(trial, by):
    """How many cases, what share was right, and its 95% interval, for each combination of the columns in by."""
    groups = trial.groupby(by)["right"]
    table = pd.DataFrame({"n": groups.size(), "right": groups.mean()})
    ### BEGIN SOLUTION
    margin = 1.96 * (table["right"] * (1 - table["right"]) / table["n"]) ** 0.5
    table["low"] = (table["right"] - margin).clip(lower=0)
    table["high"] = (table["right"] + margin).clip(upper=1)
    return table
    ### END SOLUTION

# %%
accuracy(trial, ["work", "arm"])  # look before you test: which group does the supplier's slide hide?

# %% test="test_accuracy" points=2 hidden_message="The function must use the columns that the call names, the number of cases in each group, and an interval that stays between nothing and everything."
_t = pd.DataFrame({
    "arm": ["alone"] * 100 + ["advice"] * 25,
    "work": ["employee"] * 50 + ["self-employed"] * 50 + ["employee"] * 25,
    "right": [1] * 45 + [0] * 5 + [1] * 35 + [0] * 15 + [1] * 20 + [0] * 5,
})
_a = accuracy(_t, ["arm"])
assert isinstance(_a, pd.DataFrame), "accuracy should give back the table. Is the word return missing?"
assert {"n", "right", "low", "high"} <= set(_a.columns), (
    f"The table needs the columns n, right, low and high. Yours are {list(_a.columns)}.")
assert len(accuracy(_t, ["work", "arm"])) == 3, (
    "With by=['work', 'arm'] there are three combinations. Group by the columns in by, not by the arm alone: a share "
    "for everybody hides the groups.")
_half = float(_a.loc["advice", "high"] - _a.loc["advice", "low"]) / 2
assert abs(_half - 1.96 * (0.8 * 0.2 / 125) ** 0.5) > 1e-6, (
    "Your interval for 'advice' is too narrow: you took n from the whole table. Only the 25 cases of this group tell "
    "you something about it.")
assert abs(_half - 1.96 * 0.8 * 0.2 / 25) > 1e-6, "The square root is missing: write ** 0.5 behind the brackets."
assert abs(_half - (0.8 * 0.2 / 25) ** 0.5) > 1e-6, (
    "The 1.96 is missing. Without it the interval holds the truth in about 68% of cases only.")
assert abs(_half - 0.1568) < 1e-6, (
    f"With 20 of 25 right, the interval goes from 0.643 to 0.957. You got {_a.loc['advice', 'low']:.3f} to "
    f"{_a.loc['advice', 'high']:.3f}.")
### BEGIN HIDDEN TESTS
_h = pd.DataFrame({"office": ["b", "a", "b", "a", "b", "b", "a"], "right": [1, 1, 1, 1, 0, 1, 1]})
_ha = accuracy(_h, ["office"])
assert [round(float(_ha.loc["b", _c]), 6) for _c in ("n", "right", "high")] == [4, 0.75, 1], (
    "accuracy is wrong on a table you have not seen.")
assert abs(float(_ha.loc["b", "low"]) - (0.75 - 1.96 * (0.75 * 0.25 / 4) ** 0.5)) < 1e-9, (
    "accuracy is wrong on a table you have not seen.")
assert float(_ha.loc["a", "low"]) == 1, "When all are right, this interval has no width."
### END HIDDEN TESTS

# %% [markdown]
# ## 2. Do they catch the tool when it is wrong? (2 points)
#
# An **override** is a decision that differs from the advice. Write `overrides(trial)`. It looks only at cases in which
# advice was shown, and gives two shares: `return when_wrong, when_right`.
#
# - `when_wrong`: **of the cases in which the advice was wrong**, what share was overridden? High is good.
# - `when_right`: **of the cases in which the advice was right**, what share was overridden? Low is good.
#
# There is no column that says whether the advice was right. But you can work it out. There are only two answers, so if
# the officer followed the advice and was right, the advice was right. And if the officer overrode it and was *wrong*, the
# advice was right too.
#
# <details><summary>Hint 1</summary>First keep the rows with advice:
# <code>shown = trial[trial["advice"].notna()]</code>. An empty value differs from everything, so it would look like an
# override.
# <details><summary>Hint 2</summary><code>overridden = shown["advice"] != shown["decision"]</code>. The advice was wrong
# where the officer followed and was wrong, or overrode and was right. Both in one line:
# <code>advice_wrong = overridden == (shown["right"] == 1)</code>
# <details><summary>Hint 3</summary>The mean of True and False is a share: <code>return
# overridden[advice_wrong].mean(), overridden[~advice_wrong].mean()</code></details></details></details>

# %% task="overrides"
def overrides(trial):
    """The share of wrong advice that was overridden, and the share of right advice that was overridden."""
    ### BEGIN SOLUTION
    shown = trial[trial["advice"].notna()]
    overridden = shown["advice"] != shown["decision"]
    advice_wrong = overridden == (shown["right"] == 1)
    return float(overridden[advice_wrong].mean()), float(overridden[~advice_wrong].mean())
    ### END SOLUTION

# %%
overrides(trial[trial["arm"] == "advice"]), overrides(trial[trial["arm"] == "reasons"])

# %% test="test_overrides" points=2 hidden_message="The function must leave out cases without advice, start from all wrong advice and from all right advice, and work out which advice was right from the decision and whether it was right."
# 11 cases with advice: 5 times it was wrong (2 overridden), 6 times right (1 overridden). And 6 cases without advice.
_t = pd.DataFrame({
    "arm": ["advice"] * 11 + ["alone"] * 6,
    "advice":   ["pay"] * 5 + ["refuse"] * 6 + [None] * 6,
    "decision": ["refuse", "refuse", "pay", "pay", "pay"] + ["pay"] + ["refuse"] * 5 + ["pay"] * 6,
    "right":    [1, 1, 0, 0, 0] + [0] + [1] * 5 + [1, 1, 1, 1, 1, 0],
})
_out = overrides(_t)
assert isinstance(_out, tuple) and len(_out) == 2, "Hand back two shares: return when_wrong, when_right"
_wrong, _right = float(_out[0]), float(_out[1])
assert abs(_wrong - 7 / 10) > 1e-9, (
    "The 6 cases without advice count as overrides in your answer. Where no advice was shown, nobody could override it: "
    "keep the rows where advice is not missing.")
assert abs(_wrong - 2 / 3) > 1e-9, (
    "You got 2/3: of the 3 overrides, 2 were against wrong advice. The question starts from the 5 cases of WRONG ADVICE: "
    "what share of them was overridden?")
assert abs(_wrong - 2 / 11) > 1e-9, (
    "You got 2/11: you divided by all cases with advice. Divide by the 5 cases in which the advice was wrong.")
assert abs(_wrong - 1 / 6) > 1e-9, "Your two shares are swapped: return when_wrong first."
assert abs(_wrong) > 1e-9 and abs(_wrong - 1 / 4) > 1e-9, (
    f"You got {_wrong}: it seems that you took the officer's mistakes for those of the tool. An officer who overrides "
    "wrong advice is right, so start from whether the ADVICE was wrong.")
assert abs(_wrong - 2 / 5) < 1e-9, f"Of the 5 cases with wrong advice 2 were overridden, so 0.4. You got {_wrong}."
assert abs(_right - 1 / 6) < 1e-9, f"Of the 6 cases with right advice 1 was overridden, so 0.167. You got {_right}."
### BEGIN HIDDEN TESTS
_h = pd.DataFrame({
    "advice":   ["refuse", None, "pay", "refuse", "refuse", "pay", "refuse", "pay", None, "refuse"],
    "decision": ["pay", "pay", "pay", "pay", "refuse", "pay", "pay", "refuse", "refuse", "refuse"],
    "right":    [1, 0, 0, 1, 1, 1, 0, 0, 1, 0],
})
assert [round(float(_x), 6) for _x in overrides(_h)] == [0.5, 0.5], "overrides is wrong on cases you have not seen."
_h = pd.DataFrame({
    "advice": ["x", "y", "x", "y", "x"], "decision": ["x", "y", "x", "x", "x"], "right": [0, 0, 0, 1, 1]})
assert [round(float(_x), 6) for _x in overrides(_h)] == [0.25, 0], "overrides is wrong on cases you have not seen."
### END HIDDEN TESTS

# %% [markdown]
# ## 3. The difference that advice makes (2 points)
#
# Write `effect(trial, group, arm)`. For each value of the column `group` it compares the cases of `arm` with those of
# `alone`. It returns a DataFrame with one row for each value, and these columns:
#
# | column | meaning |
# |---|---|
# | `difference` | the share of right decisions in `arm`, **minus** the share in `alone` |
# | `low`, `high` | the 95% interval of this difference |
#
# Both shares are uncertain, so the margin of the difference is
# `1.96 * (p1 * (1 - p1) / n1 + p0 * (1 - p0) / n0) ** 0.5`, with `p1` and `n1` for `arm` and `p0` and `n0` for `alone`.
#
# <details><summary>Hint 1</summary>Make two tables, each with <code>n</code> and the share of right decisions for each
# value of <code>group</code>: one from the rows of <code>arm</code>, one from the rows of <code>alone</code>.
# <details><summary>Hint 2</summary><code>one = trial[trial["arm"] == arm].groupby(group)["right"]</code>, and
# <code>none</code> from <code>"alone"</code> in the same way. Then <code>p1, n1 = one.mean(), one.size()</code>
# <details><summary>Hint 3</summary>With the margin from the text: <code>return pd.DataFrame({"difference": p1 - p0,
# "low": p1 - p0 - margin, "high": p1 - p0 + margin})</code></details></details></details>

# %% task="effect"
def effect(trial, group, arm):
    """For each value of group: right decisions in arm minus right decisions alone, with the 95% interval."""
    ### BEGIN SOLUTION
    one = trial[trial["arm"] == arm].groupby(group)["right"]
    none = trial[trial["arm"] == "alone"].groupby(group)["right"]
    p1, n1, p0, n0 = one.mean(), one.size(), none.mean(), none.size()
    margin = 1.96 * (p1 * (1 - p1) / n1 + p0 * (1 - p0) / n0) ** 0.5
    return pd.DataFrame({"difference": p1 - p0, "low": p1 - p0 - margin, "high": p1 - p0 + margin})
    ### END SOLUTION

# %%
effect(trial, "work", "advice")

# %% test="test_effect" points=2 hidden_message="The function must compare the arm named in the call with the officer alone, within each group of the column named in the call, and use both numbers of cases."
_t = pd.DataFrame({
    "arm": (["alone"] * 100 + ["advice"] * 50) * 2 + ["reasons"] * 20,
    "work": ["employee"] * 150 + ["self-employed"] * 150 + ["employee"] * 10 + ["self-employed"] * 10,
    "right": [1] * 80 + [0] * 20 + [1] * 45 + [0] * 5 + [1] * 80 + [0] * 20 + [1] * 30 + [0] * 20 + [1] * 20,
})
_e = effect(_t, "work", "advice")
assert isinstance(_e, pd.DataFrame), "effect should give back a table. Is the word return missing?"
assert {"difference", "low", "high"} <= set(_e.columns), (
    f"The table needs the columns difference, low and high. Yours are {list(_e.columns)}.")
assert "self-employed" in _e.index, (
    "There is no row for 'self-employed'. An effect for everybody together hides for whom the tool makes things worse.")
_d = float(_e.loc["self-employed", "difference"])
assert abs(_d - 0.2) > 1e-9, (
    "For the self-employed you got +0.2: the wrong way round. Take the arm MINUS alone, so that harm is below zero.")
assert abs(_d - (0.6 - 90 / 110)) > 1e-6, (
    "You compared with all other cases, those with reasons included. Compare with the officers who decided alone.")
assert abs(_d + 0.2) < 1e-9, f"0.6 with advice minus 0.8 alone is -0.2. You got {_d}."
_half = float(_e.loc["self-employed", "high"] - _e.loc["self-employed", "low"]) / 2
assert abs(_half - 1.96 * ((0.6 * 0.4 / 50) ** 0.5 + (0.8 * 0.2 / 100) ** 0.5)) > 1e-6, (
    "Your interval is too wide: you added two margins. Add what is UNDER the square root, and take one root.")
assert abs(_half - 1.96 * (0.6 * 0.4 / 50) ** 0.5) > 1e-6, (
    "Your interval is too narrow: only the cases with advice are in it. The share of the officers alone is uncertain too.")
assert abs(_half - 0.1568) < 1e-6, (
    f"The interval for the self-employed goes from -0.357 to -0.043. You got {_e.loc['self-employed', 'low']:.3f} to "
    f"{_e.loc['self-employed', 'high']:.3f}.")
### BEGIN HIDDEN TESTS
_h = pd.DataFrame({
    "office": ["n", "s"] * 40, "arm": ["reasons"] * 30 + ["alone"] * 20 + ["advice"] * 30,
    "right": ([1, 0, 1, 1] * 8)[:30] + [1, 1, 0, 0] * 5 + [0, 1] * 15,
})
_he = effect(_h, "office", "reasons")
for _g in ("n", "s"):
    _x = _h[_h["office"] == _g]
    _p1, _p0 = (_x.loc[_x["arm"] == _arm, "right"] for _arm in ("reasons", "alone"))
    _m = 1.96 * (_p1.mean() * (1 - _p1.mean()) / len(_p1) + _p0.mean() * (1 - _p0.mean()) / len(_p0)) ** 0.5
    assert abs(float(_he.loc[_g, "difference"]) - (_p1.mean() - _p0.mean())) < 1e-9, (
        "difference is wrong on a trial you have not seen.")
    assert abs(float(_he.loc[_g, "low"]) - (_p1.mean() - _p0.mean() - _m)) < 1e-9, (
        "low is wrong on a trial you have not seen.")
### END HIDDEN TESTS

# %% [markdown]
# ## 4. Helped, harmed, not clear (2 points)
#
# Write `verdict(effects)`. It takes a table like the one from task 3 and sorts its rows into three lists of names, each
# in alphabetical order: `return helped, harmed, unclear`.
#
# - **helped**: the whole interval lies above zero
# - **harmed**: the whole interval lies below zero
# - **unclear**: zero is in the interval, at its edges too. Then the trial does not show a difference. It does not show
#   that there is none, either.
#
# Do not let the function find a harm where chance alone could have made the difference.
#
# <details><summary>Hint 1</summary>Which of the two ends decides? If even the <em>low</em> end is above zero, the whole
# interval is.
# <details><summary>Hint 2</summary><code>helped = sorted(effects.index[effects["low"] > 0])</code>. Do the same with
# <code>high</code> for those who are harmed.
# <details><summary>Hint 3</summary><code>unclear = sorted(effects.index[(effects["low"] &lt;= 0) &amp;
# (effects["high"] >= 0)])</code></details></details></details>

# %% task="verdict"
def verdict(effects):
    """The names of the groups that are helped, that are harmed, and for which the trial does not say."""
    ### BEGIN SOLUTION
    helped = sorted(effects.index[effects["low"] > 0])
    harmed = sorted(effects.index[effects["high"] < 0])
    unclear = sorted(effects.index[(effects["low"] <= 0) & (effects["high"] >= 0)])
    return helped, harmed, unclear
    ### END SOLUTION

# %%
verdict(effect(trial, "work", "advice")), verdict(effect(trial, "work", "reasons"))

# %% test="test_verdict" points=2 hidden_message="The function must name a group as helped or harmed only where the whole interval lies on one side, put every other group under unclear, and name the groups of the table it is given."
_e = pd.DataFrame(
    {"difference": [0.05, -0.09, -0.04, 0.03], "low": [0.01, -0.15, -0.11, -0.02], "high": [0.09, -0.03, 0.03, 0.08]},
    index=["b", "d", "c", "a"])
_out = verdict(_e)
assert isinstance(_out, tuple) and len(_out) == 3, "Hand back three lists: return helped, harmed, unclear"
_helped, _harmed, _unclear = (list(_x) for _x in _out)
assert "c" not in _harmed, (
    "You say that 'c' is harmed, but its interval goes from -0.11 to 0.03. Zero is in it, so chance alone could have made "
    "this difference.")
assert "a" not in _helped, (
    "You say that 'a' is helped, but its interval goes from -0.02 to 0.08. Zero is in it, so chance alone could have made "
    "this difference.")
assert _harmed != ["b"], "Your first two lists are swapped: return helped first. Below zero means fewer right decisions."
assert (_helped, _harmed) == (["b"], ["d"]), (
    f"'b' is helped and 'd' is harmed: their whole intervals lie on one side. You got {_helped} and {_harmed}.")
assert _unclear != [], "'a' and 'c' are in none of your lists. What the trial does not show has to be said as well."
assert _unclear == ["a", "c"], f"'a' and 'c' are unclear, in alphabetical order. You got {_unclear}."
### BEGIN HIDDEN TESTS
_h = pd.DataFrame({"difference": [0.02, -0.02, 0.0], "low": [0.0, -0.04, -0.01], "high": [0.04, 0.0, 0.01]},
                  index=["z", "y", "x"])
assert [list(_x) for _x in verdict(_h)] == [[], [], ["x", "y", "z"]], "Zero at the edge of an interval is unclear."
_h = pd.DataFrame({"difference": [-0.3, -0.2], "low": [-0.4, -0.3], "high": [-0.2, -0.1]}, index=["q", "p"])
assert [list(_x) for _x in verdict(_h)] == [[], ["p", "q"], []], "verdict is wrong on a table you have not seen."
### END HIDDEN TESTS

# %%
# Put it together (not marked).
try:
    for arm in ("advice", "reasons"):
        when_wrong, when_right = overrides(trial[trial["arm"] == arm])
        helped, harmed, unclear = verdict(effect(trial, "work", arm))
        print(f"{arm}: wrong advice overridden {when_wrong:.0%}, right advice overridden {when_right:.0%}")
        print(f"   helped: {helped}, harmed: {harmed}, unclear: {unclear}")
except (NotImplementedError, TypeError):
    print("Finish the four tasks first.")

# %% [markdown]
# ## What the trial shows, and what it does not
#
# - **With advice the slide is right and the tool is not ready.** For employees the officers went from 81% to 89% right.
#   For the self-employed they fell from 82% to 65%. Four claimants in five are employees, so the average went up.
# - **The officers did not catch it.** When the advice was wrong, they overrode it in 7% of cases. "A person always
#   decides" was true on paper.
# - **Reasons may have helped some and cost others.** Officers overrode 23% of the wrong advice, and 4% of the right
#   advice instead of 2%. Employees: 87% right instead of 89%. Self-employed: 70% instead of 65%, against 82% without
#   any tool. Chance alone could explain 87 instead of 89, and 70 instead of 65. It cannot explain the gap to 82.
# - **The lot lets you say "caused" only for what was drawn**: the screen, with advice or with advice and reasons.
#   Nobody drew lots for who is self-employed. So the trial does not say *why* the tool is weak there. And it does not say
#   that officers *read* the reasons. Perhaps the longer page slowed them down.
#
# ## 5. Advise the head of the office (2 points, marked by a person)
#
# Write 100 to 150 words in the next cell. Should the office use the tool, change it, or leave it? For which claims? And
# what will you measure once it runs?
#
# *What the marker looks for:*
#
# - a recommendation that names the group that is harmed, with numbers, and what the trial does not show (1 point)
# - what is measured after the start, by whom, and the number at which the tool is switched off (1 point)

# %% [markdown] manual="advice_to_the_head" points=2
# Write your advice here.
#
# === BEGIN MARK SCHEME ===
# Model answer, for trainers only. Use the tool for employees' claims only: there the share of right decisions rose from
# 81% to 89%. Do not show advice for the self-employed: their decisions fell from 82% right to 65%, and with reasons to
# 70%. The trial does not show why the tool is weak there. The supplier must show that the tool is as good for them
# before we try again. The officers overrode only 7% of wrong advice, so we cannot rely on them to catch it. Each month
# the quality team draws 100 decided cases of each kind of claimant by lot, works out the right answer without seeing
# the advice, and reports right decisions for each kind, and overrides where advice is shown. If, over three months,
# fewer than 77% are right for a group that sees advice, the head of the office switches the advice off for that group
# the same day.
# === END MARK SCHEME ===
