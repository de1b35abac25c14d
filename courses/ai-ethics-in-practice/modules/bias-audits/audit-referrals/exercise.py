# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown]
# # Audit a fraud-referral model
#
# **Course** AI ethics and governance in practice · **Module** Bias audits · **About 45 minutes** ·
# **You earn** Fairness, level Working · **You practise** data handling
#
# A housing-support team uses a score to choose which claims an officer checks again. A second check has a cost for the
# person: their payments stop for about three weeks. The senior responsible owner of the service asks you one question:
#
# > *Among people who did nothing wrong, are some groups checked again more often than others?*
#
# When you have finished, you will be able to:
#
# 1. work out error rates for each group, including people who did not state their group
# 2. report a gap without exposing very small groups, or reading too much into them
# 3. set a threshold that fits the number of checks the team can do
# 4. say in plain words what your numbers show, and what they do not
#
# **The data is made up**: 6,000 claims from `make_data.py`, seed 20. That is the only reason why we know the true outcome
# of *every* claim. In a real service you learn the outcome only of the claims that somebody checked. Keep this in mind
# for question 4.

# %%
import numpy as np
import pandas as pd

claims = pd.read_csv("referrals.csv")
claims.head()

# %% [markdown]
# | column | meaning |
# |---|---|
# | `claim_id` | a number for the claim |
# | `language` | main language: `english`, `other`, or empty when the person did not say |
# | `score` | the risk score of the model, from 0 to 1 |
# | `referred` | 1 if the claim was sent for a second check |
# | `overpaid` | 1 if there really was an overpayment (the truth) |
#
# ## Worked example: the referral rate
# This cell works out the share of claims that was referred in each group. Read it and run it. Then ask yourself: who is
# *not in the table*?

# %%
claims.groupby("language")["referred"].mean().round(3)

# %% [markdown]
# The table has two groups. But some people did not state a language: count them with `claims["language"].isna().sum()`.
# pandas leaves out missing groups unless you tell it not to. An audit that loses people without saying so is not an audit.
#
# ## 1. Error rates for each group (6 points)
# Write `group_rates(df, group)`. It returns a DataFrame with one row for each group, **including `"not stated"`** for
# missing values, and these columns:
#
# | column | the question it answers |
# |---|---|
# | `n` | how many claims are there? |
# | `referral_rate` | what share was referred? |
# | `fpr` | **of the claims with no overpayment**, what share was referred? |
# | `fnr` | **of the claims with an overpayment**, what share was missed? |
#
# Do not change the `df` that you are given.
#
# The first two lines are written: `labels` names the group of each claim, and `rows` will hold one entry for each group. Put
# your lines in place of the last two.
#
# <details><summary>Hint 1</summary><code>for name, g in df.groupby(labels):</code> takes one group after the other. Put its
# four numbers into <code>rows[name] = {"n": len(g), ...}</code>. At the end, outside the loop,
# <code>return pd.DataFrame(rows).T</code>: the <code>.T</code> turns the groups into rows.
# <details><summary>Hint 2</summary>First filter, then take a mean. The mean of a column of 0 and 1 is a share.
# <details><summary>Hint 3</summary>If <code>g</code> holds the rows of one group, then
# <code>g.loc[g["overpaid"] == 0, "referred"].mean()</code> is its false positive rate.</details></details></details>

# %% task="group_rates"
def group_rates(df, group):
    """Rates for each group; missing group values count as 'not stated'."""
    labels = df[group].fillna("not stated")
    rows = {}
    ### BEGIN SOLUTION
    for name, g in df.groupby(labels):
        rows[name] = {
            "n": len(g),
            "referral_rate": g["referred"].mean(),
            "fpr": g.loc[g["overpaid"] == 0, "referred"].mean(),
            "fnr": 1 - g.loc[g["overpaid"] == 1, "referred"].mean(),
        }
    return pd.DataFrame.from_dict(rows, orient="index")
    ### END SOLUTION

# %%
group_rates(claims, "language")  # look before you test: are there three rows?

# %% test="test_group_rates" points=6 hidden_message="The function must work for any table and any group column, and count the people who gave no answer. Every rate must come from the table you are given, not from a number written into your code."
# A table small enough to check by hand: 4 x english, 5 x other, 3 x not stated.
_t = pd.DataFrame({
    "language": ["english"] * 4 + ["other"] * 5 + [None] * 3,
    "referred": [1, 0, 0, 0,   1, 1, 1, 0, 0,   1, 0, 0],
    "overpaid": [1, 0, 0, 1,   1, 0, 0, 0, 0,   0, 0, 1],
})
_before = _t.copy()
_r = group_rates(_t, "language")
assert isinstance(_r, pd.DataFrame), "group_rates should return a DataFrame. Is the return line missing?"
assert {"n", "referral_rate", "fpr", "fnr"} <= set(_r.columns), (
    f"Your columns are {list(_r.columns)}. The table needs n, referral_rate, fpr and fnr.")
assert "not stated" in _r.index, (
    "The 3 people who did not state a language are missing from your table. "
    "groupby leaves out missing values, so label them first with fillna('not stated').")
assert _r["n"].sum() == 12, f"Your groups add up to {_r['n'].sum()} claims, but the table has 12. Check who is missing."
assert abs(_r.loc["other", "referral_rate"] - 3 / 5) < 1e-9, (
    "3 of the 5 'other' claims were referred, so referral_rate should be 0.6.")
_f = _r.loc["other", "fpr"]
assert abs(_f - 2 / 3) > 1e-9, (
    "For 'other' you got 2/3. That is the share of REFERRED claims that were fine (the false discovery rate). "
    "The false positive rate starts from the people who did nothing wrong: divide by the 4 claims with overpaid == 0.")
assert abs(_f - 2 / 5) > 1e-9, (
    "For 'other' you got 2/5: you divided by everyone in the group. Divide by the 4 claims with overpaid == 0.")
assert abs(_f - 2 / 4) < 1e-9, (
    f"For 'other', 2 of the 4 claims with no overpayment were referred. fpr should be 0.5, but you got {_f}.")
assert abs(_r.loc["english", "fnr"] - 1 / 2) < 1e-9, (
    "For 'english', 2 claims were overpaid and 1 of them was missed, so fnr should be 0.5. "
    "fnr is the share that was MISSED: 1 minus the share that was caught.")
assert _t.equals(_before), (
    "Your function changed the table it was given. Work on a copy (df.copy()), so that later steps see the original data.")
### BEGIN HIDDEN TESTS
_rng = np.random.default_rng(7)
_h = pd.DataFrame({"zone": _rng.choice(["n", "s", "e", None], 900, p=[.4, .3, .2, .1]),
                   "overpaid": (_rng.random(900) < .2).astype(int)})
_h["referred"] = (_rng.random(900) < .1 + .5 * _h["overpaid"] + .2 * (_h["zone"] == "s")).astype(int)
_hr = group_rates(_h, "zone")
assert set(_hr.index) == {"n", "s", "e", "not stated"}, (
    "The function must work for any group column and any group names, not only for language.")
for _name, _mask in [("s", _h["zone"] == "s"), ("not stated", _h["zone"].isna())]:
    _g = _h[_mask]
    assert _hr.loc[_name, "n"] == len(_g), "n is wrong on a table you have not seen."
    assert abs(_hr.loc[_name, "fpr"] - _g[_g.overpaid == 0].referred.mean()) < 1e-9, (
        "fpr is wrong on a table you have not seen.")
    assert abs(_hr.loc[_name, "fnr"] - (1 - _g[_g.overpaid == 1].referred.mean())) < 1e-9, (
        "fnr is wrong on a table you have not seen.")
### END HIDDEN TESTS

# %% [markdown]
# ## 2. A gap that can be published (4 points)
# Write `gap(rates, metric, min_n=30)`. It returns the largest value of `metric` minus the smallest, without the groups that
# have fewer than `min_n` claims. Return a tuple `(gap, highest_group, left_out)`, where `left_out` is a sorted list of the
# groups that were not used. If fewer than two groups are left, there is no gap to report: return `(None, None, left_out)`.
#
# There are two reasons to leave out small groups. Their rates are mostly chance, and a cell of three people in a published
# table can show who those people are. But the reader must *see* that they were left out, so you return their names.
#
# <details><summary>Hint 1</summary>Keep the groups that are large enough:
# <code>kept = rates[rates["n"] >= min_n]</code>
# <details><summary>Hint 2</summary><code>kept[metric].idxmax()</code> is the name of the group with the highest
# value.
# <details><summary>Hint 3</summary><code>sorted(rates.index[rates["n"] &lt; min_n])</code> names the groups that were left
# out.</details></details></details>

# %% task="gap"
def gap(rates, metric, min_n=30):
    """(largest minus smallest value, group with the largest value, groups left out)."""
    ### BEGIN SOLUTION
    kept = rates[rates["n"] >= min_n]
    left_out = sorted(rates.index[rates["n"] < min_n])
    if len(kept) < 2:
        return None, None, left_out
    return kept[metric].max() - kept[metric].min(), kept[metric].idxmax(), left_out
    ### END SOLUTION

# %% test="test_gap" points=4 hidden_message="A group with exactly min_n claims stays in, and the answer must come from the table you are given, not from a number written into your code."
_r = pd.DataFrame({"n": [400, 250, 9], "fpr": [.10, .16, .67]}, index=["english", "other", "not stated"])
_out = gap(_r, "fpr")
assert isinstance(_out, tuple) and len(_out) == 3, "Return three things: return the_gap, highest_group, left_out"
assert _out[2] == ["not stated"], (
    f"'not stated' has 9 claims, fewer than 30, so it is left out and named. You returned {_out[2]}.")
assert abs(_out[0] - .06) < 1e-9, f"0.16 - 0.10 = 0.06. You got {_out[0]}. Did the group of 9 stay in?"
assert _out[1] == "other", f"The highest group that is left is 'other'. You returned {_out[1]!r}."
### BEGIN HIDDEN TESTS
_r2 = pd.DataFrame({"n": [30, 29, 31], "fnr": [.5, .9, .2]}, index=["c", "b", "a"])
assert gap(_r2, "fnr")[2] == ["b"], "A group with exactly min_n claims stays in: use >= and not >."
assert gap(_r2, "fnr", min_n=31) == (None, None, ["b", "c"]), (
    "With fewer than two groups left, return (None, None, left_out) with left_out sorted.")
assert abs(gap(_r2, "fnr")[0] - .3) < 1e-9, "The gap must use the metric named in the call."
### END HIDDEN TESTS

# %% [markdown]
# ## 3. A threshold that fits capacity (4 points)
# The team can check at most `capacity` claims. Write `threshold_for(scores, capacity)`. It returns the **lowest** score
# threshold at which the number of claims with `score >= threshold` is at most `capacity`. Choose the threshold among the
# scores that occur. Scores can tie: if a tie would take the team over capacity, go up. If even the highest score is shared
# by too many claims, return `float("inf")`.
#
# <details><summary>Hint 1</summary>Try each different score, from high to low. Count how many claims reach it.
# <details><summary>Hint 2</summary>Stop at the first score that too many claims reach. The one before it is your
# answer.
# <details><summary>Hint 3</summary><code>np.unique(scores)[::-1]</code> gives each different score once, highest
# first.</details></details></details>

# %% task="threshold"
def threshold_for(scores, capacity):
    """The lowest score t that occurs, such that at most `capacity` scores are >= t."""
    ### BEGIN SOLUTION
    scores = np.asarray(scores, dtype=float)
    best = float("inf")
    for t in np.unique(scores)[::-1]:
        if (scores >= t).sum() > capacity:
            break
        best = float(t)
    return best
    ### END SOLUTION

# %% test="test_threshold" points=4 hidden_message="The threshold must be the lowest score that fits the capacity on any list of scores, also when scores tie, when everybody fits, and when nobody does."
assert threshold_for([.9, .8, .7, .1], 2) == .8, "Two claims reach 0.8, so with capacity 2 the threshold is 0.8."
_v = threshold_for([.9, .7, .7, .7, .2], 2)
assert _v != .7, (
    "Three claims tie at 0.7, so a threshold of 0.7 refers 4 people with capacity for 2. Go up to 0.9.")
assert _v == .9, f"The threshold should be 0.9. You returned {_v}."
### BEGIN HIDDEN TESTS
assert threshold_for([.5, .5, .5], 2) == float("inf"), (
    "If even the highest tie is over capacity, nobody can be referred fairly: return float('inf').")
assert threshold_for([.3, .2], 10) == .2, "With room for everybody the threshold is the lowest score."
_s = np.round(np.random.default_rng(3).random(500), 2)
_t2 = threshold_for(list(_s), 60)
assert (_s >= _t2).sum() <= 60, "On 500 unseen scores your threshold refers more claims than the team can check."
assert (_s >= _t2 - .01).sum() > 60, "On 500 unseen scores a lower threshold still fits: checks are left unused."
### END HIDDEN TESTS

# %%
# Put it together (not marked): the referral rule at a capacity of 600, audited.
if threshold_for([.9, .8], 1) is not None:
    t = threshold_for(claims["score"], 600)
    ruled = claims.assign(referred=(claims["score"] >= t).astype(int))
    rates = group_rates(ruled, "language")
    print(rates.round(3) if rates is not None else "finish question 1 first")

# %% [markdown]
# ## 4. Advise the senior responsible owner (6 points, marked by a person)
# Write about 150 words in the next cell. What did you find? What do you recommend? And what can these numbers **not** tell
# the owner?
#
# *What the marker looks for:*
#
# - the finding, with a number and the right denominator (2 points)
# - a proportionate and specific recommendation: who decides, and when it is checked again (2 points)
# - an honest limit, for example that real outcomes are known only for checked claims, or that equal error rates do not
#   settle whether the second check is fair in the first place (2 points)

# %% [markdown] manual="reflection" points=6
# Write your advice here.
#
# === BEGIN MARK SCHEME ===
# Model answer, for trainers only. With 600 checks, people with no overpayment whose main language is not English are
# checked again about five times as often as those whose language is English (19% against 4%). People who did not say are
# in between, at 9%. Overpayment itself is about equal: 6% to 8% in each group. The score should not go on as it is.
# From now on, pay while a claim is checked, instead of stopping payments by default. Each month, send a random sample of
# 100 claims to officers, so that outcomes are also known for claims that the score did not pick. Repeat this audit each
# quarter. The senior responsible owner decides, with an updated equality impact assessment. Limits: real outcomes are
# known only for checked claims, so a real false positive rate is itself estimated from a biased sample; these groups hide
# differences inside them; and a smaller gap alone would not make it proportionate to stop payments for three weeks.
# === END MARK SCHEME ===
