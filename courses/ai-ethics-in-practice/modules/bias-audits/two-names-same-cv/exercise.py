# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown]
# # Two names, same CV
#
# **Course** AI ethics and governance in practice · **Module** Bias audits · **About 45 minutes** ·
# **Practice** that prepares you to run such a test at work. It earns no level by itself
#
# In 2001 and 2002 two economists answered job advertisements in newspapers of Boston and Chicago with invented CVs. To each
# advertisement they sent CVs in pairs, one pair or two. The two CVs of a pair were of about the same quality. One got a
# first name that sounds white to most Americans, such as Emily. The other got one that sounds Black, such as Lakisha. **A
# lot decided which CV got which name.** Then they waited for calls.
#
# Your department wants to run such a test on its own recruitment. The head of human resources has read the old study and
# asks you:
#
# > *How large is the difference that a name makes, and how sure is it? Could it be that the other CVs were better?*
#
# When you have finished, you will be able to:
#
# 1. check whether a lot made two groups alike
# 2. give a difference with a 95% interval that uses the pairs
# 3. show whether a difference remains among CVs of one kind
# 4. work out how often chance alone would do as much, and say why that is not the size of the effect
#
# **The data is real** in its counts: 2,435 pairs, 4,870 CVs, and how many of them brought a call. The rows are rebuilt from
# counts, so which pair has which trait is drawn by chance (`make_data.py`, seed 24). The people on the CVs never existed.

# %%
import numpy as np
import pandas as pd

cvs = pd.read_csv("cvs.csv")
cvs.head(6)

# %% [markdown]
# | column | meaning |
# |---|---|
# | `pair` | two rows with the same number went to the same advertisement |
# | `sector` | what the firm does |
# | `quality` | `high` or `low`; both CVs of a pair have the same |
# | `name` | how the first name sounds: `white` or `black` |
# | `computer`, `email`, `special`, `gaps` | 1 if the CV shows computer skills, an e-mail address, special skills, gaps between jobs |
# | `called` | 1 if somebody called or wrote to offer an interview |
#
# ## Worked example: how many were called?
#
# The mean of a column of 0 and 1 is a share. Read this cell and run it.

# %%
cvs.groupby("name")["called"].agg(["size", "mean"]).round(4)

# %% [markdown]
# With a white-sounding name 9.65% were called, with a Black-sounding name 6.45%. Somebody with a white-sounding name needs
# about 10 applications for one call. Somebody with a Black-sounding name needs about 15.
#
# Before you believe the difference, check the lot. Then ask how sure it is.
#
# ## 1. Did the lot do its work? (2 points)
#
# If a lot gave out the names, then the CVs under both names are alike, but for chance. Finish `lot_check(cvs, traits)`.
# `traits` is a list of columns, such as `["email", "gaps"]`. It returns a table with one row for each trait: its mean for
# `white`, its mean for `black`, and the `difference`, **white minus black**.
#
# The first line is written. Put your lines in place of the last two.
#
# <details><summary>Hint 1</summary><code>shares</code> has a row for each trait and the columns <code>black</code> and
# <code>white</code>. Only one column is missing.
# <details><summary>Hint 2</summary>A new column is made by naming it: <code>shares["difference"] = ...</code>
# <details><summary>Hint 3</summary><code>shares["difference"] = shares["white"] - shares["black"]</code>, and then
# <code>return shares</code></details></details></details>

# %% task="lot_check"
def lot_check(cvs, traits):
    """For each trait its mean under white-sounding and Black-sounding names, and white minus black."""
    shares = cvs.groupby("name")[traits].mean().T
    ### BEGIN SOLUTION
    shares["difference"] = shares["white"] - shares["black"]
    return shares
    ### END SOLUTION

# %%
lot_check(cvs, ["computer", "email", "special", "gaps"])  # look before you test: which trait differs most?

# %% test="test_lot_check" points=2 hidden_message="The function must look at every CV, whatever came of it, and take white minus black for the traits that the call names."
_t = pd.DataFrame({
    "pair": list(range(8)) * 2,
    "name": ["white"] * 8 + ["black"] * 8,
    "email":  [1, 1, 1, 1, 1, 1, 0, 0] + [1, 1, 1, 1, 0, 0, 0, 0],
    "gaps":   [1, 0, 0, 0, 0, 0, 0, 0] + [1, 1, 1, 0, 0, 0, 0, 0],
    "called": [0, 0, 0, 0, 0, 1, 1, 1] + [1, 0, 0, 0, 0, 0, 0, 1],
})
_c = lot_check(_t, ["email", "gaps"])
assert isinstance(_c, pd.DataFrame), "lot_check should give back the table. Is the word return missing?"
assert "difference" in _c.columns, f"The column difference is missing. Your columns are {list(_c.columns)}."
assert sorted(_c.index) == ["email", "gaps"], (
    f"There should be a row for email and one for gaps. Your rows are {list(_c.index)}.")
_e, _g = float(_c.loc["email", "difference"]), float(_c.loc["gaps", "difference"])
assert abs(_e - (1 / 3 - 1 / 2)) > 1e-9, (
    "You looked only at CVs that were called. The lot was drawn before anybody called, and employers chose whom to call. "
    "Check the lot on ALL CVs.")
assert abs(_e + 0.25) > 1e-9, "For email you got -0.25: the wrong way round. Take white MINUS black."
assert abs(_e - 1.5) > 1e-9, "For email you got 1.5: you divided white by black. Take the difference."
assert abs(_g - 0.25) > 1e-9, (
    "For gaps you got +0.25. Keep the sign: it shows under which names there are more of them.")
assert abs(_e - 0.25) < 1e-9 and abs(_g + 0.25) < 1e-9, (
    f"email is 0.75 - 0.5 = 0.25, and gaps is 0.125 - 0.375 = -0.25. You got {_e} and {_g}.")
### BEGIN HIDDEN TESTS
_h = pd.DataFrame({
    "years": [3, 8, 5, 10, 6, 1], "called": [1, 0, 0, 1, 0, 0],
    "name": ["black", "white", "white", "black", "black", "white"], "pair": [5, 9, 5, 2, 9, 2],
})
_hc = lot_check(_h, ["years"])
assert list(_hc.index) == ["years"] and abs(float(_hc.loc["years", "difference"]) - (14 / 3 - 19 / 3)) < 1e-9, (
    "lot_check is wrong for a trait you have not seen.")
### END HIDDEN TESTS

# %% [markdown]
# ## 2. The difference, with an interval that uses the pairs (2 points)
#
# Write `gap(cvs, column)`. It returns three numbers: `return difference, low, high`.
#
# The two CVs of a pair went to the same firm. Some firms call nobody, whatever the name. So compare **within** each pair:
# white minus black is 1, 0 or -1. Each pair gives you one number.
#
# - `difference` is the mean of these numbers
# - the margin is 1.96 times their standard deviation, divided by the square root of how many **pairs** there are
# - `low` and `high` are the difference less and plus the margin
#
# Do not rely on the order of the rows.
#
# <details><summary>Hint 1</summary>Put the two CVs of a pair side by side:
# <code>sides = cvs.pivot(index="pair", columns="name", values=column)</code>
# <details><summary>Hint 2</summary><code>d = sides["white"] - sides["black"]</code> has one number for each pair. You need
# <code>d.mean()</code>, <code>d.std()</code> and <code>len(d)</code>.
# <details><summary>Hint 3</summary><code>margin = 1.96 * d.std() / len(d) ** 0.5</code>, and then
# <code>return d.mean(), d.mean() - margin, d.mean() + margin</code></details></details></details>

# %% task="gap"
def gap(cvs, column):
    """The mean difference within pairs, white minus black, and its 95% interval: difference, low, high."""
    ### BEGIN SOLUTION
    sides = cvs.pivot(index="pair", columns="name", values=column)
    d = sides["white"] - sides["black"]
    margin = 1.96 * d.std() / len(d) ** 0.5
    return d.mean(), d.mean() - margin, d.mean() + margin
    ### END SOLUTION

# %%
gap(cvs, "called")

# %% test="test_gap" points=2 hidden_message="The function must find the two CVs of a pair by its number, count pairs, and give an interval that holds zero when the names have been mixed by a lot."
# 100 pairs: in 20 both were called, in 10 only the white-sounding name, in 2 only the Black-sounding one, in 68 neither.
_t = pd.DataFrame({
    "pair": [_p for _p in range(100) for _name in ("white", "black")],
    "name": ["white", "black"] * 100,
    "called": [1, 1] * 20 + [1, 0] * 10 + [0, 1] * 2 + [0, 0] * 68,
})
_out = gap(_t, "called")
assert isinstance(_out, tuple) and len(_out) == 3, "Hand back three numbers: return difference, low, high"
_d, _low, _high = (float(_x) for _x in _out)
_half = (_high - _low) / 2
assert abs(_d - 30 / 22) > 1e-3 and abs(_d - 8 / 22) > 1e-3, (
    f"You got {_d:.2f}: you divided by the rate of the other name. Take the difference of the two shares.")
assert abs(_d + 0.08) > 1e-9, "You got -0.08: the wrong way round. Take white MINUS black."
assert abs(_d - 8) > 1e-9, "You got 8: that is a number of pairs. Divide it by all 100 pairs."
assert abs(_d - 8 / 32) > 1e-9 and abs(_d - 8 / 12) > 1e-3, (
    f"You got {_d:.2f}: you left out pairs in which nobody was called, or in which both were. They are answers too. Use "
    "all 100 pairs.")
assert abs(_d - 8 / 200) > 1e-9, "You got 0.04: you divided by 200 CVs. Each pair gives ONE number, so there are 100."
assert min(abs(_d - 0.018), abs(_d - 0.0209), abs(_d - 0.0386), abs(_d - 0.195)) > 2e-3, (
    f"You got {_d:.3f}, which looks like a p-value. A p-value says how surprising the data is if names do nothing. It is "
    "not the size of the difference. Return the difference first.")
assert abs(_d - 0.08) < 1e-9, f"30 of 100 against 22 of 100: the difference is 0.08. You got {_d}."
assert abs(_half - 0.1211) > 1e-3, (
    "Your interval is too wide: you treated the two rows of a pair as strangers. Work with the differences within pairs, "
    "and take their standard deviation.")
assert abs(_half - 0.0469) > 5e-4, (
    "Your interval is too narrow: you counted 200 CVs. Two CVs to the same firm are not two independent answers. Divide by "
    "the square root of the number of PAIRS.")
assert abs(_half - 1.96 * 0.3387) > 2e-2, (
    "Your interval is far too wide: the square root of the number of pairs is missing under the line.")
assert abs(_half - 0.0339) > 3e-4, (
    "The 1.96 is missing. Without it the interval holds the truth in about 68% of cases only.")
assert abs(_half - 0.0662) < 6e-4 and abs((_low + _high) / 2 - 0.08) < 1e-9, (
    f"The interval goes from 0.014 to 0.146. You got {_low:.3f} to {_high:.3f}.")
### BEGIN HIDDEN TESTS
_h = pd.DataFrame({
    "name": ["white", "black", "black", "white", "white", "white", "black", "black"],
    "years": [9, 4, 2, 8, 5, 3, 3, 6], "pair": [7, 3, 7, 4, 3, 1, 4, 1], "called": [0] * 8,
})
assert abs(float(gap(_h, "years")[0]) - 2.5) < 1e-9, "gap is wrong for a column or an order that you have not seen."
_rng = np.random.default_rng(11)
_firm = _rng.random(800) < 0.15
_white = ((_rng.random(800) < 0.12) | _firm).astype(int)
_black = ((_rng.random(800) < 0.04) | _firm).astype(int)
_real = pd.DataFrame({
    "pair": np.tile(np.arange(800), 2), "name": ["white"] * 800 + ["black"] * 800,
    "called": np.concatenate([_white, _black]),
}).sample(frac=1, random_state=3)
assert float(gap(_real, "called")[1]) > 0, "gap does not find a difference that is there in pairs you have not seen."
_swap = _rng.random(800) < 0.5
_mixed = _real.assign(called=[
    (_black if (_n == "white") == bool(_swap[_p]) else _white)[_p] for _p, _n in zip(_real["pair"], _real["name"])])
_d, _low, _high = (float(_x) for _x in gap(_mixed, "called"))
assert _low < 0 < _high, "With names mixed by a lot, the interval must hold zero."
### END HIDDEN TESTS

# %% [markdown]
# ## 3. Does the difference remain among equals? (2 points)
#
# "Perhaps the CVs with white-sounding names were simply better." Write `within(cvs, part)`. For each value of the column
# `part`, such as `"quality"` or `"sector"`, it compares like with like. It returns a table with one row for each value:
#
# | column | meaning |
# |---|---|
# | `pairs` | how many pairs of this kind |
# | `white`, `black` | of the CVs of this kind and name, what share was called |
# | `difference` | white minus black |
#
# Both CVs of a pair are of the same kind.
#
# <details><summary>Hint 1</summary>You need the mean of <code>called</code> for each part and each name.
# <code>.unstack()</code> turns the names into columns.
# <details><summary>Hint 2</summary><code>table = cvs.groupby([part, "name"])["called"].mean().unstack()</code>
# <details><summary>Hint 3</summary><code>table["pairs"] = cvs.groupby(part)["pair"].nunique()</code>, then the difference as
# in task 1, then <code>return table</code></details></details></details>

# %% task="within"
def within(cvs, part):
    """For each value of part: pairs, share called under white and under black names, and white minus black."""
    ### BEGIN SOLUTION
    table = cvs.groupby([part, "name"])["called"].mean().unstack()
    table["pairs"] = cvs.groupby(part)["pair"].nunique()
    table["difference"] = table["white"] - table["black"]
    return table
    ### END SOLUTION

# %%
within(cvs, "quality")

# %% test="test_within" points=2 hidden_message="The function must compare the CVs of one kind with each other, for the column that the call names, and count the pairs of each kind."
# 10 pairs of high quality (5 and 2 called) and 40 of low quality (6 and 4 called).
_t = pd.DataFrame({
    "pair": list(range(50)) * 2,
    "quality": (["high"] * 10 + ["low"] * 40) * 2,
    "name": ["white"] * 50 + ["black"] * 50,
    "called": [1] * 5 + [0] * 5 + [1] * 6 + [0] * 34 + [1] * 2 + [0] * 8 + [1] * 4 + [0] * 36,
})
_w = within(_t, "quality")
assert isinstance(_w, pd.DataFrame), "within should give back the table. Is the word return missing?"
assert {"pairs", "white", "black", "difference"} <= set(_w.columns), (
    f"The table needs the columns pairs, white, black and difference. Yours are {list(_w.columns)}.")
assert sorted(_w.index) == ["high", "low"], (
    f"There should be a row for high and one for low. Your rows are {list(_w.index)}.")
_x = float(_w.loc["high", "white"])
assert abs(_x - 5 / 11) > 1e-6, (
    "For 'high' you got 5 of 11: you started from the CVs that were called, and asked how many of those were of high "
    "quality. Start from all CVs of high quality: what share of them was called?")
assert abs(_x - 5 / 50) > 1e-9, (
    "For 'high' you got 0.1: you divided by all 50 CVs with such a name. Divide by the 10 of high quality.")
assert abs(_x - 11 / 50) > 1e-9, (
    "Both rows give 11 of 50, the share for everybody. Compare CVs of high quality with CVs of high quality.")
assert abs(_x - 5) > 1e-9, "For 'high' you got 5: a number of CVs. Give the share."
assert abs(_x - 0.5) < 1e-9 and abs(float(_w.loc["high", "black"]) - 0.2) < 1e-9, (
    f"Of the 10 CVs of high quality, 5 and 2 were called: 0.5 and 0.2. You got {_x} and {_w.loc['high', 'black']}.")
_p = int(_w.loc["high", "pairs"])
assert _p != 20, "For 'high' you got 20 pairs. Those are CVs: each pair has two."
assert _p == 10, f"There are 10 pairs of high quality. You got {_p}."
assert abs(float(_w.loc["low", "difference"]) - 0.05) < 1e-9, (
    f"For 'low' the difference is 0.15 - 0.10 = 0.05. You got {_w.loc['low', 'difference']}.")
### BEGIN HIDDEN TESTS
_h = pd.DataFrame({
    "pair": [1, 2, 3, 4, 5, 6] * 2, "town": ["a", "b", "b", "c", "b", "c"] * 2,
    "name": ["black"] * 6 + ["white"] * 6, "called": [0, 1, 0, 0, 1, 0] + [1, 1, 0, 0, 0, 1],
}).sample(frac=1, random_state=5)
_hw = within(_h, "town")
assert {_k: round(float(_hw.loc[_k, "difference"]), 6) for _k in "abc"} == {"a": 1, "b": -0.333333, "c": 0.5}, (
    "within is wrong for a column you have not seen.")
assert [int(_hw.loc[_k, "pairs"]) for _k in "abc"] == [1, 3, 2], "pairs is wrong for a column you have not seen."
### END HIDDEN TESTS

# %% [markdown]
# ## 4. Could chance alone do that? (2 points)
#
# Suppose names do nothing. Then in each pair the two results could just as well have changed places. Write
# `by_chance(differences, rounds, seed)`. `differences` holds one number for each pair: white minus black.
#
# - In each round, toss a coin **for each pair**. At heads the names change places, so the sign of its number changes.
# - Add up the numbers of the round.
# - Return the **share of rounds** in which this sum is **at least as far from zero** as the sum of the real differences,
#   on either side.
#
# Draw the coins from `np.random.default_rng(seed)`, so that everybody who uses your seed gets your answer.
#
# <details><summary>Hint 1</summary>Make the generator once, before the loop: <code>rng = np.random.default_rng(seed)</code>.
# One round of coins is <code>rng.choice([-1, 1], len(differences))</code>.
# <details><summary>Hint 2</summary>With <code>d = np.asarray(differences)</code>, the sum of a round is
# <code>(coins * d).sum()</code>. Compare <code>abs()</code> of it with <code>abs(d.sum())</code>, and use
# <code>>=</code>.
# <details><summary>Hint 3</summary><code>extreme = [abs((rng.choice([-1, 1], len(d)) * d).sum()) >= abs(d.sum()) for _ in
# range(rounds)]</code>, and then <code>return float(np.mean(extreme))</code></details></details></details>

# %% task="by_chance"
def by_chance(differences, rounds, seed):
    """The share of rounds in which coins for each pair give a sum at least as far from zero as the real one."""
    ### BEGIN SOLUTION
    rng = np.random.default_rng(seed)
    d = np.asarray(differences)
    extreme = [abs((rng.choice([-1, 1], len(d)) * d).sum()) >= abs(d.sum()) for _ in range(rounds)]
    return float(np.mean(extreme))
    ### END SOLUTION

# %% test="test_by_chance" points=2 hidden_message="The function must toss a coin for each pair in each of the rounds, look on both sides of zero, count sums that are as far away as the real one, and work for any differences."
# 10 pairs speak for the white-sounding name, 2 against, 30 for neither. By hand: chance does as much in 3.9% of rounds.
_d = [1] * 10 + [-1] * 2 + [0] * 30
_p = by_chance(_d, 4000, 1)
assert _p is not None, "by_chance gave nothing back. Is the word return missing?"
assert _p <= 1, f"You got {_p}: a number of rounds. Divide it by how many rounds there were."
assert abs(_p - 8 / 42) > 1e-6, (
    "You got 0.19: that is the size of the difference. The question here is another one: how often would chance alone "
    "do as much?")
assert _p < 0.999, (
    "You got 1: in every round the sum came out as far from zero as the real one. Toss a coin for EACH pair. One coin for "
    "all of them, or another order of the same numbers, changes nothing.")
assert _p < 0.3, (
    f"You got {_p:.2f}. It seems that your rounds draw from the real differences, so they hold the real effect. Names that "
    "do nothing give signs that a coin decides.")
assert abs(_p - 0.0063) > 0.005, (
    "You left out the rounds that are exactly as far from zero as the real sum. 'At least as far' means >=.")
assert abs(_p - 0.0193) > 0.006, (
    "You counted one side only. Chance could as well have gone the other way, so compare without the sign: abs().")
assert abs(_p - 0.0386) < 0.013, f"About 0.039 of the rounds should be as far from zero. You got {_p}."
### BEGIN HIDDEN TESTS
assert by_chance([1] * 30, 200, 4) == 0, "by_chance is wrong for differences you have not seen."
assert by_chance([0] * 9, 50, 4) == 1, "by_chance is wrong for differences you have not seen."
assert by_chance(pd.Series([-1] * 10 + [1] * 2, index=range(50, 62)), 4000, 2) < 0.052, (
    "by_chance is wrong for differences that favour the other name.")
assert by_chance([3, -3, 2, -2, 1], 300, 8) > 0.5, "by_chance is wrong for differences you have not seen."
_x = by_chance([1, 1, 1, 1, 1, -1], 7, 9)
assert abs(_x * 7 - round(_x * 7)) < 1e-9, "by_chance must use as many rounds as the call says."
assert by_chance(_d, 300, 5) == by_chance(_d, 300, 5), "The same seed must give the same answer."
### END HIDDEN TESTS

# %%
# Put it together (not marked).
try:
    show = "{:<18}{:>6} pairs   {:+.1%}   from {:+.1%} to {:+.1%}".format
    print(show("called", cvs["pair"].nunique(), *gap(cvs, "called")))
    for part in ("quality", "sector"):
        for value, count in within(cvs, part)["pairs"].items():
            print(show(value, count, *gap(cvs[cvs[part] == value], "called")))
    for trait in ("computer", "email", "special", "gaps"):
        print(show("lot: " + trait, cvs["pair"].nunique(), *gap(cvs, trait)))
    sides = cvs.pivot(index="pair", columns="name", values="called")
    print("by chance:", by_chance(sides["white"] - sides["black"], 1000, 24))
except (NotImplementedError, TypeError):
    print("Finish the four tasks first.")

# %% [markdown]
# ## What you can write, and what not
#
# - **The difference.** A white-sounding name brought 3.2 more calls for each 100 CVs, with an interval from 2.0 to 4.4. In
#   1,000 rounds of coins chance never did as much. That is no second effect. It says that the 3.2 is not luck.
# - **The lot.** Three traits are alike. Computer skills were *more* common under Black-sounding names, by 2.4 points, and
#   the interval leaves out zero. With several traits, one will do so by chance now and then. And here it points the other
#   way: better CVs under Black-sounding names cannot explain why they got fewer calls.
# - **Quality does not explain it.** Both CVs of a pair have the same quality. The difference is there among high (4.1
#   points) and among low (2.3 points). Is it larger among high? These data do not settle it: 4.1 less 2.3 is 1.8, and the
#   margin of that number is 2.3.
# - **Sectors.** In five of six the difference points the same way, but in manufacturing the interval holds zero. In
#   transport it points the other way. With 74 pairs its interval goes from -11 to +6 points. It says next to nothing.
# - **Do not start from those who were called.** Employers chose them. Among the called, CVs differ in other ways, and none
#   of that tells you what a name does.
#
# Because a lot gave out the names, you may write **because of the name**. You may not write which firm did it: each firm
# answered few CVs. Nor that it is so here and now: these were two American cities a quarter of a century ago, and only
# the first step of hiring.
#
# And a thought for your own test. Each CV costs somebody a few minutes, and nobody asked them. Keep it small, tell the
# organisation's leaders beforehand, and publish what you find.
