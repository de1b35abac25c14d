# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown]
# # Nightingale's chart, drawn again
#
# **Course** Python and data for public servants · **Module** Charts that do not mislead · **About 40 minutes** · **You
# earn** Charts and data visualisation, level Working
#
# In 1858 Florence Nightingale sent a chart to people who could change things. It showed of what the soldiers of the
# British army had died in the Crimean War. Her chart had the shape of a rose, and many readers have misread it: the
# wedges are compared by their area, and the eye compares their length. You have her numbers. Your job is to answer her
# question with a chart that is hard to misread:
#
# > *Of what did they die, how often, and when?*
#
# When you have finished, you will be able to:
#
# 1. turn counts of deaths into rates that can be compared from month to month
# 2. draw a chart whose axis starts at zero, with its unit, and with a title that states the finding
# 3. write a text for people who cannot see the chart
#
# **The data is real**: 24 months from April 1854, as Nightingale published it. Nobody knows how many deaths went
# unrecorded.

# %%
import matplotlib.pyplot as plt
import pandas as pd

crimea = pd.read_csv("crimea.csv", parse_dates=["month"])
crimea.head()

# %% [markdown]
# | column | meaning |
# |---|---|
# | `month` | the first day of the month |
# | `army` | how many soldiers there were, on average |
# | `disease` | deaths from diseases that could have been prevented, such as cholera |
# | `wounds` | deaths from wounds |
# | `other` | deaths from all other causes |
#
# ## Worked example: a rate for one month
#
# In April 1854 there were 8,571 soldiers, in September 1855 there were 47,751. Counts of deaths cannot be compared
# between such months. Nightingale used a rate: **deaths in a year for each 1,000 soldiers**, if every month of the year
# were like this one. So she multiplied by 12.

# %%
def annual_rate(deaths, army):
    """Deaths in a year for each 1,000 soldiers, if twelve months were like this one."""
    return 12 * 1000 * deaths / army

# %%
annual_rate(2761, 32393)  # deaths from disease in January 1855

# %% [markdown]
# It says 1,023. Had it gone on like that for a year, more than 1,000 of each 1,000 soldiers would have died: the whole
# army, and then some. New soldiers were sent all the time.
#
# ## 1. Rates for every month and cause (2 points)
#
# Finish `add_rates(table)`. It gives a copy of the table with three more columns: `disease_rate`, `wounds_rate` and
# `other_rate`. The loop goes through the three causes, and `table[cause]` is the column of deaths. Put your line in
# place of the last two in the loop. The line with `return` stays.
#
# <details><summary>Hint 1</summary>A new column gets its value in the same way as a name: <code>table["a_new_column"] =
# ...</code>
# <details><summary>Hint 2</summary>The name of the new column is <code>cause + "_rate"</code>. The sum is that of the
# worked example, with whole columns in place of numbers.
# <details><summary>Hint 3</summary><code>table[cause + "_rate"] = 12 * 1000 * table[cause] /
# table["army"]</code></details></details></details>

# %% task="add_rates"
def add_rates(table):
    """A copy of the table with the annual rate for each 1,000 soldiers, for each cause."""
    table = table.copy()
    for cause in ["disease", "wounds", "other"]:
        ### BEGIN SOLUTION
        table[cause + "_rate"] = 12 * 1000 * table[cause] / table["army"]
        ### END SOLUTION
    return table

# %%
add_rates(crimea).iloc[8:12]  # the winter of 1854 to 1855

# %% test="test_add_rates" points=2 hidden_message="The function must work out the rate of each month from that month's own deaths and soldiers, for any table, and leave the table it was given as it is."
_t = pd.DataFrame({"army": [12000, 6000], "disease": [10, 10], "wounds": [0, 5], "other": [1, 1]})
_before = _t.copy()
_a = add_rates(_t)
assert isinstance(_a, pd.DataFrame), "add_rates should give back a table. Is the line with return still there?"
assert {"disease_rate", "wounds_rate", "other_rate"} <= set(_a.columns), (
    f"The columns are {list(_a.columns)}. Three should be new: disease_rate, wounds_rate and other_rate.")
_rate = float(_a["disease_rate"].iloc[0])
assert abs(_rate - 10) > 1e-9 or abs(float(_a["disease_rate"].iloc[1]) - 10) > 1e-9, (
    "Your rates are the counts of deaths. In the second month half as many soldiers had as many deaths, so its rate "
    "is twice as high.")
assert abs(_rate - 10 / 12) > 1e-9, "You got 0.83: that is the rate for a month. For a year, multiply by 12."
assert abs(_rate - 1) > 1e-9, "You got 1: that is for each 100 soldiers. Multiply by 1,000."
assert abs(_rate - 10) < 1e-9, f"10 of 12,000 soldiers in a month are 10 of each 1,000 in a year. You got {_rate}."
assert [round(float(rate), 6) for rate in _a["wounds_rate"]] == [0.0, 10.0], (
    "wounds_rate is wrong: it should be 0 and 10.")
assert _t.equals(_before), "Your function changed the table that it was given. Keep the line table = table.copy()."
### BEGIN HIDDEN TESTS
_h = pd.DataFrame({"other": [7, 8, 9], "wounds": [3, 2, 1], "disease": [40, 30, 0], "army": [500, 40000, 900], "camp": list("xyz")})
_hr = add_rates(_h)
for _cause in ("disease", "wounds", "other"):
    for _row in range(3):
        _expected = 12 * 1000 * int(_h[_cause].iloc[_row]) / int(_h["army"].iloc[_row])
        assert abs(float(_hr[_cause + "_rate"].iloc[_row]) - _expected) < 1e-6, "add_rates is wrong on a table you have not seen."
### END HIDDEN TESTS

# %% [markdown]
# ## Worked example: a chart with one line
#
# matplotlib draws charts. `plt.subplots()` gives you two things: the whole figure, and the field with the axes. You
# draw into the field. Read the function line by line, then run both cells.

# %%
def draw_wounds(rates):
    """A chart with one line, for deaths from wounds."""
    fig, ax = plt.subplots(figsize=(8, 4))
    ax.plot(rates["month"], rates["wounds_rate"], color="#801650", linestyle="--", label="wounds")
    ax.set_ylim(bottom=0)
    ax.set_ylabel("Deaths in a year for each 1,000 soldiers")
    ax.set_title("Deaths from wounds came in waves, with the battles")
    ax.legend()
    return ax

# %%
draw_wounds(crimea.assign(wounds_rate=12 * 1000 * crimea["wounds"] / crimea["army"]));

# %% [markdown]
# The title says what there is to see, and not only what was counted. This site also reads the title out to people who
# use a screen reader.
#
# ## 2. The chart (3 points)
#
# Write `draw(rates)`. The table has the three columns of rates. Draw **one line for each cause** into one field, and
# hand back the field `ax`. It should have:
#
# - a vertical axis that starts at 0
# - a label on the vertical axis with the unit: what, in which time, for how many
# - a title that states the finding in a sentence, for example which cause stands out, and when
# - a `label` for each line and a legend. Give each line a **style** of its own as well, so that the lines can be told
#   apart in grey
#
# <details><summary>Hint 1</summary>Begin with the worked example. Which of its lines do you need three times, and which
# ones once?
# <details><summary>Hint 2</summary>Three lines with <code>ax.plot</code>. The styles are <code>"-"</code>,
# <code>"--"</code> and <code>":"</code>. Dark blue is <code>"#12436D"</code>, orange <code>"#F46A25"</code>.
# <details><summary>Hint 3</summary><code>ax.plot(rates["month"], rates["disease_rate"], color="#12436D", linestyle="-",
# label="disease")</code>, and a title such as "Far more soldiers died of disease than of wounds".</details></details></details>

# %% task="draw"
def draw(rates):
    """A chart of the three rates over time. Gives the field with the axes."""
    ### BEGIN SOLUTION
    fig, ax = plt.subplots(figsize=(8, 4.5))
    ax.plot(rates["month"], rates["disease_rate"], color="#12436D", linestyle="-", label="disease")
    ax.plot(rates["month"], rates["wounds_rate"], color="#801650", linestyle="--", label="wounds")
    ax.plot(rates["month"], rates["other_rate"], color="#F46A25", linestyle=":", label="other causes")
    ax.set_ylim(bottom=0)
    ax.set_ylabel("Deaths in a year for each 1,000 soldiers")
    ax.set_title("Disease killed far more soldiers than wounds, most of all in January 1855")
    ax.legend()
    return ax
    ### END SOLUTION

# %%
rates = crimea.copy()
for cause in ["disease", "wounds", "other"]:
    rates[cause + "_rate"] = 12 * 1000 * rates[cause] / rates["army"]

draw(rates);  # look before you test: would a stranger understand it?

# %% test="test_draw" points=3 hidden_message="The chart must show the three rates of whatever table it is given, with an axis that starts at zero, a unit, a title and a key to the lines."
_t = pd.DataFrame({
    "month": pd.to_datetime(["1854-11-01", "1854-12-01", "1855-01-01"]),
    "disease": [340, 630, 1020], "wounds": [110, 40, 30], "other": [40, 50, 120],
    "disease_rate": [34.0, 63.0, 102.0], "wounds_rate": [11.0, 4.0, 3.0], "other_rate": [4.0, 5.0, 12.0],
})
_ax = draw(_t)
assert _ax is not None, "draw gave nothing back. Its last line should be return ax."
_lines = [[float(value) for value in line.get_ydata()] for line in _ax.get_lines()]
assert len(_lines) > 0, "There is no line in the field. Draw with ax.plot(...), once for each cause."
assert [340.0, 630.0, 1020.0] not in _lines, (
    "You have drawn the counts of deaths. The army grew, so counts cannot be compared. Draw the columns that end in "
    "_rate.")
assert [34.0, 63.0, 102.0] in _lines, "The line for disease is missing. Draw rates[\"disease_rate\"]."
assert [11.0, 4.0, 3.0] in _lines and [4.0, 5.0, 12.0] in _lines, (
    f"There should be a line for each of the three causes. You have drawn {len(_lines)}.")
assert abs(float(_ax.get_ylim()[0])) < 1e-9, (
    f"The vertical axis starts at {float(_ax.get_ylim()[0]):.1f}. An axis that does not start at zero makes "
    "differences look larger or "
    "smaller than they are. Use ax.set_ylim(bottom=0).")
_unit = str(_ax.get_ylabel()).lower().replace(",", "")
assert "1000" in _unit and "year" in _unit, (
    f"The label of the vertical axis is {_ax.get_ylabel()!r}. It should give the unit: deaths in a year for each "
    "1,000 soldiers.")
_title = str(_ax.get_title())
assert len(_title.split()) >= 5, (
    f"The title is {_title!r}. State the finding in a sentence: which cause stands out, and when?")
assert "disease" in _title.lower(), f"The title is {_title!r}. It should name what stands out: disease."
_styles = {(str(line.get_linestyle()), str(line.get_marker())) for line in _ax.get_lines()}
assert len(_styles) >= 3, (
    "Some lines differ by their colour only. About 1 in 12 men cannot tell some colours apart, and printers are "
    "grey. Give each line a "
    "style of its own: \"-\", \"--\" and \":\".")
assert _ax.get_legend() is not None, "There is no legend. Give each line a label=..., and call ax.legend()."
### BEGIN HIDDEN TESTS
_h = pd.DataFrame({
    "month": pd.to_datetime(["1855-05-01", "1855-06-01"]), "army": [900, 800],
    "disease": [1, 2], "wounds": [3, 4], "other": [5, 6],
    "other_rate": [905.0, 906.0], "wounds_rate": [903.0, 904.0], "disease_rate": [901.0, 902.0],
})
_hax = draw(_h)
_hlines = [[float(value) for value in line.get_ydata()] for line in _hax.get_lines()]
assert sorted(_hlines) == [[901.0, 902.0], [903.0, 904.0], [905.0, 906.0]], (
    "draw is wrong for a table you have not seen.")
assert abs(float(_hax.get_ylim()[0])) < 1e-9 and float(_hax.get_ylim()[1]) > 906, (
    "On a table you have not seen the axis does not start at zero, or cuts a line off.")
### END HIDDEN TESTS

# %% [markdown]
# ## 3. A text for those who cannot see it (3 points)
#
# Write `alt_text(rates)`. It hands back a text of at most 60 words that says what the chart shows. So that it stays
# right when the numbers change, build it from the table. It should name:
#
# - that it is a **line chart**
# - the **cause** with the highest rate of all: disease, wounds or other
# - the **month** in which that was, as in January 1855
# - that **rate**, rounded to a whole number
#
# Do not begin with "image of" or "chart of". A screen reader says that by itself.
#
# These lines show what you need. Run the cell:

# %%
peak = rates["wounds_rate"].max()                      # the highest value of a column
row = rates["wounds_rate"].idxmax()                    # the row in which it stands
name = rates.loc[row, "month"].strftime("%B %Y")       # its month as words
f"Deaths from wounds were highest in {name}: {peak:.0f} in a year for each 1,000 soldiers."

# %% [markdown]
# <details><summary>Hint 1</summary>First find out which of the three columns has the highest maximum. Then do the same
# as in the cell above.
# <details><summary>Hint 2</summary><code>highest = rates[["disease_rate", "wounds_rate", "other_rate"]].max()</code>
# gives three numbers, and <code>highest.idxmax()</code> names the column with the largest. <code>.replace("_rate",
# "")</code> makes the cause of it.
# <details><summary>Hint 3</summary><code>return f"Line chart of death rates by cause. {cause} was highest, with
# {peak:.0f} in {name}."</code></details></details></details>

# %% task="alt_text"
def alt_text(rates):
    """What the chart shows, in words: the cause with the highest rate, when, and how high."""
    ### BEGIN SOLUTION
    highest = rates[["disease_rate", "wounds_rate", "other_rate"]].max()
    column = highest.idxmax()
    cause = column.replace("_rate", "")
    peak = highest[column]
    name = rates.loc[rates[column].idxmax(), "month"].strftime("%B %Y")
    return (f"Line chart with death rates of soldiers by cause, month by month. The highest is {cause} in {name}, "
            f"with {peak:.0f} deaths in a year for each 1,000 soldiers.")
    ### END SOLUTION

# %%
alt_text(rates)  # read it aloud with your eyes closed

# %% test="test_alt_text" points=3 hidden_message="The text must come from the table it is given: whichever cause is highest, in whatever month, with that rate as a whole number."
_t = pd.DataFrame({
    "month": pd.to_datetime(["1854-11-01", "1854-12-01", "1855-01-01"]),
    "disease_rate": [340.6, 631.5, 1022.8], "wounds_rate": [115.8, 41.7, 30.7], "other_rate": [42.8, 48.0, 120.0],
})
_text = alt_text(_t)
assert isinstance(_text, str), "alt_text should hand back a text. Is the word return missing, or did you print it?"
_low = _text.lower().replace(",", "")
assert not _low.startswith(("image", "picture", "chart of", "a chart", "graph")), (
    "The text begins with what a screen reader says anyway. Begin with the kind of chart and what it shows: Line "
    "chart with ...")
assert "line chart" in _low, "Say what kind of chart it is: a line chart."
assert len(_text.split()) <= 60, f"The text has {len(_text.split())} words. Who listens cannot skim: keep to 60."
assert "disease" in _low, "Name the cause with the highest rate: disease."
assert "november 1854" not in _low or "january 1855" in _low, (
    "You named November 1854, when wounds were highest. The highest rate of all is that of disease, in January 1855.")
assert "january 1855" in _low, "Name the month of the highest rate as words: January 1855."
assert "1022.8" not in _low, "1022.8 is more exact than anybody can hear. Round it to a whole number: {peak:.0f}."
assert "1023" in _low, "Give the highest rate as a whole number: 1023."
### BEGIN HIDDEN TESTS
_h = pd.DataFrame({
    "month": pd.to_datetime(["1901-03-01", "1901-04-01", "1901-05-01"]),
    "other_rate": [10.2, 9.0, 8.0], "disease_rate": [20.4, 31.0, 22.0], "wounds_rate": [5.0, 77.6, 41.0],
}, index=[8, 3, 5])
_ht = alt_text(_h).lower().replace(",", "")
assert "wounds" in _ht and "april 1901" in _ht and "78" in _ht, "alt_text is wrong for a table you have not seen."
_h2 = _h.assign(wounds_rate=1.0, other_rate=[10.2, 9.0, 412.5])
_ht2 = alt_text(_h2).lower().replace(",", "")
assert "other" in _ht2 and "may 1901" in _ht2 and "412" in _ht2, "alt_text is wrong for a table you have not seen."
### END HIDDEN TESTS

# %% [markdown]
# ## Look at your chart once more
#
# Disease is far above wounds in nearly every month. It falls from January 1855 on. A commission was sent to clean the
# hospitals and camps in March 1855, and people often draw an arrow there. But look: the rate had begun to fall two
# months before. The chart shows **when** things happened. It does not show **why**. For that you need more than one
# line that goes down. Module 5 is about this.
