# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown]
# # Clean the grants register
#
# **Course** Python and data for public servants · **Module** Clean and join · **About 55 minutes** · **You earn** Data
# handling, level Working
#
# A council gives small grants to clubs, food banks and choirs. Four people kept the register, each in a way of their
# own. The finance director has to say in public what went to each region, and asks you:
#
# > *How much did we give to each region, to the penny? And which rows should somebody look at before I publish it?*
#
# When you have finished, you will be able to:
#
# 1. turn money that is text into numbers, without hiding what cannot be read
# 2. read dates in four styles, and list the ones that nobody can read
# 3. drop true copies, and leave alone what only looks like one
# 4. join two tables, and prove that no row was lost or doubled
#
# **The data is made up**: 1,200 rows from `make_data.py`, seed 11. That is why we can know the true total. In a real
# register nobody can tell you.

# %%
import pandas as pd

grants = pd.read_csv("grants.csv", dtype="str")  # everything stays text until you decide
regions = pd.read_csv("regions.csv")
grants.head(8)

# %% [markdown]
# Eight rows, and four styles of dates. Take your time to look. How many ways of writing an amount can you see?
#
# ## Worked example: tidy a code
#
# Some area codes have spaces around them, or small letters. This function puts that right. `.str` applies a word to
# each text in a column. Read it and run both cells.

# %%
def tidy_code(column):
    """Area codes without spaces around them, in capitals."""
    return column.str.strip().str.upper()

# %%
grants["area_code"].value_counts().tail(4), tidy_code(grants["area_code"]).value_counts().tail(4)

# %% [markdown]
# Two codes at the end look odd: `E99`, and `E1O` with a letter O. Tidying does not mend them, and you should not guess.
# Task 4 will report them.
#
# ## 1. Money (2 points)
#
# Finish `to_pounds(column)`. It turns amounts that are text into numbers. The first line, which takes pound signs and
# commas away, is written. Some amounts begin with `GBP`, and some have spaces around them. Put your lines in place of
# the last two.
#
# If an amount cannot be read, let Python stop. A hidden gap would make the total too small, and nobody would know.
#
# <details><summary>Hint 1</summary>What is still in the text that is not part of a number? Take it away in the same
# manner as the pound sign.
# <details><summary>Hint 2</summary><code>text.str.replace("GBP", "").str.strip()</code> gives text that looks like a
# number. It is still text.
# <details><summary>Hint 3</summary>The last line is <code>return pd.to_numeric(text)</code>, without
# <code>errors="coerce"</code>.</details></details></details>

# %% task="to_pounds"
def to_pounds(column):
    """Amounts in pounds as numbers. Stops with an error where an amount cannot be read."""
    text = column.str.replace("£", "").str.replace(",", "")
    ### BEGIN SOLUTION
    text = text.str.replace("GBP", "").str.strip()
    return pd.to_numeric(text)
    ### END SOLUTION

# %%
to_pounds(grants["amount"]).describe().round(2)  # look before you test: smallest, largest, how many?

# %% test="test_to_pounds" points=2 hidden_message="The function must read every style of amount that the register has, to the penny, keep the order and the index of the rows, and stop at what is no amount."
_c = pd.Series(["£1,250.00", "980.00", "GBP 2000.50", " £ 40.00 "])
_p = to_pounds(_c)
assert isinstance(_p, pd.Series), "to_pounds should give back a column. Is the word return missing?"
assert pd.api.types.is_numeric_dtype(_p), (
    f"The column is still text: its type is {_p.dtype}. Turn it into numbers with pd.to_numeric.")
assert not _p.isna().any(), (
    f"{int(_p.isna().sum())} of 4 amounts have become gaps. errors=\"coerce\" hides what it cannot read. Take GBP "
    "away, and let "
    "Python stop at the rest.")
assert _p.iloc[1] != 98000, "980.00 became 98,000: the point is gone. It parts pounds and pence, so it has to stay."
assert list(_p) == [1250.0, 980.0, 2000.5, 40.0], (
    f"The amounts are 1250.00, 980.00, 2000.50 and 40.00. You got {list(_p)}.")
_stopped = False
try:
    to_pounds(pd.Series(["£5.00", "about 20"]))
except ValueError:
    _stopped = True
assert _stopped, (
    "\"about 20\" is no amount, and your function went on as if all was well. Without errors=\"coerce\" Python stops "
    "and names it.")
### BEGIN HIDDEN TESTS
_h = pd.Series(["GBP 12.30", "£9,999,999.99", " £ 0.50 ", "7.00", "1,000.00"], index=[4, 9, 2, 7, 5])
_hp = to_pounds(_h)
assert list(_hp.index) == [4, 9, 2, 7, 5], "to_pounds must keep the index of the rows."
assert [round(float(value), 2) for value in _hp] == [12.3, 9999999.99, 0.5, 7.0, 1000.0], (
    "to_pounds is wrong for amounts you have not seen.")
### END HIDDEN TESTS

# %% [markdown]
# ## 2. Dates (3 points)
#
# Write `to_dates(column)`. The register has four styles, all of them British:
#
# | style | example | pattern |
# |---|---|---|
# | international | 2025-04-03 | `%Y-%m-%d` |
# | with slashes | 03/04/2025 | `%d/%m/%Y` |
# | in words | 3 April 2025 | `%d %B %Y` |
# | short | 03-Apr-25 | `%d-%b-%y` |
#
# All four mean 3 April 2025. Give back a column of dates. A text in none of the four styles becomes a gap, so that it
# can be counted and listed. Everything that can be read must be read.
#
# <details><summary>Hint 1</summary>Read the column once for each style. A text that does not fit this style becomes a
# gap, and the next style may fill it.
# <details><summary>Hint 2</summary><code>pd.to_datetime(text, format="%Y-%m-%d", errors="coerce")</code> reads the
# first style. <code>dates.fillna(...)</code> fills the gaps with another reading.
# <details><summary>Hint 3</summary>A loop saves typing: <code>for style in ["%d/%m/%Y", "%d %B %Y", "%d-%b-%y"]:</code>
# and in it <code>dates = dates.fillna(pd.to_datetime(text, format=style, errors="coerce"))</code></details></details></details>

# %% task="to_dates"
def to_dates(column):
    """Dates in four British styles as dates; a gap for what is in none of them."""
    ### BEGIN SOLUTION
    text = column.str.strip()
    dates = pd.to_datetime(text, format="%Y-%m-%d", errors="coerce")
    for style in ["%d/%m/%Y", "%d %B %Y", "%d-%b-%y"]:
        dates = dates.fillna(pd.to_datetime(text, format=style, errors="coerce"))
    return dates
    ### END SOLUTION

# %%
dates = to_dates(grants["awarded"])
dates.min(), dates.max(), dates.isna().sum()  # do all dates lie in the year from April 2025 to March 2026?

# %% test="test_to_dates" points=3 hidden_message="The function must read all four styles whatever their order, never swap day and month, never make a date up, and leave a gap for what cannot be read."
_c = pd.Series(["2025-04-03", "03/04/2025", "3 April 2025", "03-Apr-25", "25/12/2025", "not known"])
_d = to_dates(_c)
assert isinstance(_d, pd.Series), "to_dates should give back a column. Is the word return missing?"
assert pd.api.types.is_datetime64_any_dtype(_d), (
    f"The column should hold dates, but its type is {_d.dtype}. Use pd.to_datetime.")
assert _d.iloc[1] != pd.Timestamp("2025-03-04"), (
    "03/04/2025 was read as 4 March, in the American way. This register is British: name the pattern %d/%m/%Y.")
assert _d.iloc[0] != pd.Timestamp("2025-03-04"), (
    "2025-04-03 was read as 4 March. dayfirst=True turns the international style round as well. Name the pattern of "
    "each style.")
_lost = int(_d.iloc[:5].isna().sum())
assert _lost == 0, (
    f"{_lost} of 5 dates that can be read have become gaps. errors=\"coerce\" hides every date in another style. "
    "Read one style after the "
    "other, and fill the gaps.")
assert list(_d.iloc[:4]) == [pd.Timestamp("2025-04-03")] * 4, (
    f"The first four are all 3 April 2025. You got {[str(day)[:10] for day in _d.iloc[:4]]}.")
assert _d.iloc[4] == pd.Timestamp("2025-12-25"), f"25/12/2025 is Christmas Day. You got {_d.iloc[4]}."
assert pd.isna(_d.iloc[5]), "\"not known\" is no date. It should become a gap, so that it can be counted."
### BEGIN HIDDEN TESTS
_h = pd.Series(["11-Feb-26", "31/02/2026", "2026-01-12", "2025", "9 May 2025", "12/01/2026", "tbc"], index=list("gfedcba"))
_hd = to_dates(_h)
assert list(_hd.index) == list("gfedcba"), "to_dates must keep the index of the rows."
assert [str(day)[:10] for day in _hd] == [
    "2026-02-11", "NaT", "2026-01-12", "NaT", "2025-05-09", "2026-01-12", "NaT"], "to_dates is wrong for dates you have not seen."
### END HIDDEN TESTS

# %% [markdown]
# ## 3. Copies (2 points)
#
# Write `drop_copies(table)`. The table has been cleaned already. A row is a **copy** if all its columns are equal to
# those of an earlier row. Keep the first one and drop the copies. Hand back two things: the table without copies, and
# how many rows were dropped. In Python: `return kept, dropped`.
#
# Two rows with the same recipient and the same amount may be two grants. And the same number with **two amounts** is a
# question for somebody. Neither is a copy.
#
# <details><summary>Hint 1</summary>The lesson "Dates and copies" has a word for it. What does it look at if you put
# nothing into its brackets?
# <details><summary>Hint 2</summary><code>kept = table.drop_duplicates()</code>. How many were dropped? Compare
# <code>len(table)</code> with <code>len(kept)</code>.
# <details><summary>Hint 3</summary><code>return kept, len(table) - len(kept)</code></details></details></details>

# %% task="drop_copies"
def drop_copies(table):
    """The table without rows that are equal to an earlier one in every column, and how many were dropped."""
    ### BEGIN SOLUTION
    kept = table.drop_duplicates()
    return kept, len(table) - len(kept)
    ### END SOLUTION

# %% test="test_drop_copies" points=2 hidden_message="The function must look at every column of any table, keep the first of equal rows, and say how many rows were dropped."
_t = pd.DataFrame({
    "grant_id": ["G1", "G2", "G1", "G3", "G3"],
    "recipient": ["Choir", "Choir", "Choir", "Food Bank", "Food Bank"],
    "amount": [500.0, 500.0, 500.0, 70.0, 700.0],
})
_before = _t.copy()
_out = drop_copies(_t)
assert isinstance(_out, tuple) and len(_out) == 2, "Hand back two things: return kept, dropped"
_kept, _dropped = _out
_ids = list(_kept["grant_id"])
assert "G1" in _ids, (
    "Both rows of G1 are gone. One of them is a copy, and the first one has to stay. Leave keep=False out.")
assert "G2" in _ids, (
    "G2 is gone. The choir got two grants of £500, with two numbers. Look at all columns and not at recipient and "
    "amount alone.")
assert _ids.count("G3") == 2, (
    "A row of G3 is gone. Its two rows have different amounts, so this is a question and no copy. Look at all "
    "columns and not at the "
    "number alone.")
assert _ids == ["G1", "G2", "G3", "G3"], f"The numbers left should be G1, G2, G3, G3. You have {_ids}."
assert _dropped == 1, f"One row was dropped. You say {_dropped}."
assert _t.equals(_before), (
    "Your function changed the table that it was given. Leave inplace=True out: give back a new table.")
### BEGIN HIDDEN TESTS
_h = pd.DataFrame({"x": [1, 1, 1, 2, 1], "y": ["a", "a", "b", "a", "a"], "z": [0.5, 0.5, 0.5, 0.5, 0.5]}, index=[5, 4, 3, 2, 1])
_hk, _hn = drop_copies(_h)
assert list(_hk.index) == [5, 3, 2] and _hn == 2, "drop_copies is wrong on a table you have not seen."
_hk, _hn = drop_copies(_hk)
assert len(_hk) == 3 and _hn == 0, "drop_copies is wrong on a table without copies."
### END HIDDEN TESTS

# %% [markdown]
# ## 4. Regions (3 points)
#
# Write `add_region(grants, regions)`. `grants` has a column `area_code`, `regions` has `code` and `region`. Hand back
# two things: the grants with their region, and a sorted list of the codes that are **not** in `regions`, each of them
# once.
#
# - Every grant stays, once, also one without a partner. Its region is then a gap.
# - If a code stands twice in `regions`, Python must stop with an error. A grant would become two, and the total too
#   large.
#
# <details><summary>Hint 1</summary>The lesson "Joining without losing" has the line. Two of its words keep rows from
# being lost and from being doubled.
# <details><summary>Hint 2</summary><code>grants.merge(regions, left_on="area_code", right_on="code", how="left",
# validate="many_to_one")</code>
# <details><summary>Hint 3</summary>The codes without a partner:
# <code>joined[joined["region"].isna()]["area_code"].unique()</code>. Put <code>sorted(...)</code> around it.</details></details></details>

# %% task="add_region"
def add_region(grants, regions):
    """The grants with their region, and the sorted codes that have none. Stops if a code stands twice in regions."""
    ### BEGIN SOLUTION
    joined = grants.merge(regions, left_on="area_code", right_on="code", how="left", validate="many_to_one")
    missing = joined[joined["region"].isna()]["area_code"].unique()
    return joined, sorted(missing)
    ### END SOLUTION

# %% test="test_add_region" points=3 hidden_message="The function must keep every grant once whatever the order of the tables, list each code without a region once and in order, and stop if a code stands twice."
_g = pd.DataFrame({"grant_id": ["G1", "G2", "G3"], "area_code": ["E01", "E9", "E02"], "amount": [500.0, 100.0, 800.0]})
_r = pd.DataFrame({"code": ["E02", "E01", "E03"], "region": ["South", "North", "South"]})
_out = add_region(_g, _r)
assert isinstance(_out, tuple) and len(_out) == 2, "Hand back two things: return joined, codes"
_j, _codes = _out
assert "G2" in list(_j["grant_id"]), (
    "G2 is gone, with its £100, because its code has no partner. how=\"left\" keeps every grant.")
assert len(_j) == 3, f"Three grants went in and {len(_j)} rows came out."
assert dict(zip(_j["grant_id"], _j["region"]))["G1"] == "North", "G1 has the code E01, which belongs to North."
assert list(_codes) == ["E9"], f"The only code without a region is E9, so the list is ['E9']. You have {list(_codes)}."
_twice = pd.DataFrame({"code": ["E02", "E01", "E01"], "region": ["South", "North", "Old North"]})
_stopped, _rows = False, 0
try:
    _rows = len(add_region(_g, _twice)[0])
except Exception:
    _stopped = True
assert _stopped, (
    f"Here E01 stands twice in regions, and your function made {_rows} rows out of 3 grants. The total would be wrong. "
    "Let pandas stop you: validate=\"many_to_one\".")
### BEGIN HIDDEN TESTS
_h = pd.DataFrame({"amount": [1.0, 2.0, 4.0, 8.0, 16.0], "area_code": ["Z", "A", "Y", "Z", "B"], "grant_id": list("vwxyz")})
_hr = pd.DataFrame({"region": ["One", "Two"], "code": ["B", "A"], "valid_to": ["", ""]})
_hj, _hcodes = add_region(_h, _hr)
assert list(_hcodes) == ["Y", "Z"], "The codes without a region are wrong on tables you have not seen."
assert abs(_hj["amount"].sum() - 31) < 0.01 and len(_hj) == 5, "The total is not kept on tables you have not seen."
_by = _hj.groupby("region")["amount"].sum()
assert float(_by["One"]) == 16 and float(_by["Two"]) == 2, "The regions are wrong on tables you have not seen."
assert list(add_region(_h[_h["area_code"] == "A"], _hr)[1]) == [], "When every code is known, the list is empty."
### END HIDDEN TESTS

# %% [markdown]
# ## Put it together (not marked)
#
# First look at the list of regions. One code stands there twice:

# %%
regions[regions["code"].duplicated(keep=False)]

# %% [markdown]
# E05 had another name until 2023. For grants of 2025 you need the name of today: the rows where `valid_to` is empty.
# Without this step your function would stop, and rightly so.

# %%
try:
    today = regions[regions["valid_to"].isna()]
    clean = grants.assign(
        area_code=tidy_code(grants["area_code"]),
        awarded=to_dates(grants["awarded"]),
        amount=to_pounds(grants["amount"]),
    )
    kept, dropped = drop_copies(clean)
    joined, unknown = add_region(kept, today)
    assert len(joined) == len(grants) - dropped, "Rows were lost or doubled."
    assert abs(joined["amount"].sum() - kept["amount"].sum()) < 0.01, "The total has changed."
    print(f"{len(grants)} rows came in, {dropped} were copies, {len(kept)} are left: £{kept['amount'].sum():,.2f}")
    print(joined.groupby("region")["amount"].sum())
    print(f"Without a region: {joined['region'].isna().sum()} rows, codes {unknown}")
    print(f"Dates that nobody can read: {joined['awarded'].isna().sum()}")
    print(f"Numbers with two amounts: {sorted(set(kept[kept['grant_id'].duplicated()]['grant_id']))}")
except NotImplementedError:
    print("Finish the four tasks first.")

# %% [markdown]
# ## What would you tell the finance director?
#
# The register says £1,817,743.50 after 46 copies were dropped. But it is not yet a number to publish. Twelve rows with
# £19,964.00 have no region. Six dates cannot be read. And four grants stand there twice, with amounts that differ by a
# factor of ten, as if somebody had added a 0. Each of these is a question to a person, with a grant number to ask
# about. That list is worth as much as the total.
