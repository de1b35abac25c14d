# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown]
# # Your first cells
#
# **Course** Python and data for public servants · **Module** First steps in a notebook · **About 15 minutes** · No
# experience needed
#
# A team answers letters from the public. You will work out how many letters still wait, what share has an answer, and
# how long people waited. You write three lines of Python. Everything else is there for you to run and to play with.
#
# **You cannot break anything.** If a cell is in a mess, choose "Back to the original" in it. If Python is,
# choose "Restart": it forgets everything, and what you wrote stays.
#
# ## Run a cell
#
# Below is a cell. Put the cursor in it and choose **Run**, or press Ctrl and Enter. What do you expect to see?

# %%
2 + 3

# %% [markdown]
# Now change the 2 to 40 in the cell above, and run it again. That is all there is to it: change, run, look.
#
# Text stands in quotes. Run this cell, then put your own name into it:

# %%
"Good morning, Amina"

# %% [markdown]
# ## Keep a value under a name
#
# The sign `=` gives a name to a value. Run this cell. It shows nothing, because it only gives names.

# %%
letters = 120
answered = 45

# %% [markdown]
# Python now knows both names. So this cell can use them. What will it show?

# %%
answered / letters

# %% [markdown]
# It shows 0.375. That is the **share** of letters with an answer. A share lies between 0 and 1.
#
# ## Meet an error on purpose
#
# In the cell below, take away the `#` and the space after it, and run the cell. You will see an error. Read what it
# says: which word does Python not know? Then put the `#` back, so that the rest of the page is not held up.

# %%
# lettres - answered

# %% [markdown]
# ## 1. How many letters still wait? (2 points)
#
# Worked example: this line keeps the share under the name `share_answered`. The last line shows it.

# %%
share_answered = answered / letters
share_answered

# %% [markdown]
# Now it is your turn. Half of the cell below is written. Put one line in place of the two lines at the end: give the
# name `still_waiting` to the number of letters that have no answer yet.
#
# Use the names, not the numbers. Then the line will still be right next week, when the numbers have changed.
#
# <details><summary>Hint 1</summary>Which sum gives you the number of letters without an answer? Say it in words
# first.
# <details><summary>Hint 2</summary>Of all letters, take away those that were answered. The new name stands on the left
# of the <code>=</code>.
# <details><summary>Hint 3</summary>The line begins with <code>still_waiting = letters</code> and goes on with a
# minus.</details></details></details>

# %% task="waiting"
letters = 120   # letters that came in
answered = 45   # letters that have an answer
### BEGIN SOLUTION
still_waiting = letters - answered
### END SOLUTION

# %% [markdown]
# Run your cell. Then choose **Try this check** below. It says "Passes here", or tells you in words what to look at.

# %% test="test_waiting" points=2
assert not isinstance(still_waiting, str), (
    "still_waiting is a text now. Names must stand without quotes: letters - answered and not \"letters - answered\".")
assert still_waiting != -75, (
    "You got -75: the two names are the wrong way round. Take the answered letters from all letters.")
assert still_waiting != 165, "You got 165: you added the two numbers. Take the answered letters away."
assert still_waiting == 75, f"120 letters came in and 45 have an answer, so 75 still wait. You got {still_waiting}."

# %% [markdown]
# ## 2. What percentage has an answer? (2 points)
#
# A share of 0.375 is the same as 37.5 per cent. Give the name `percent_answered` to the percentage of letters that have
# an answer. The names `letters` and `answered` are still there.
#
# <details><summary>Hint 1</summary>You have seen the line for the share above. What turns 0.375 into 37.5?
# <details><summary>Hint 2</summary>Multiply the share by 100. Times is <code>*</code>.
# <details><summary>Hint 3</summary><code>percent_answered = 100 * answered / ...</code></details></details></details>

# %% task="percent"
### BEGIN SOLUTION
percent_answered = 100 * answered / letters
### END SOLUTION

# %% test="test_percent" points=2
assert not isinstance(percent_answered, str), (
    "percent_answered is a text now. Write the sum without quotes and without a % sign.")
assert abs(percent_answered - 0.375) > 1e-9, "0.375 is the share. To get a percentage, multiply it by 100."
assert abs(percent_answered - 37) > 1e-9, (
    "You got exactly 37: the sign // drops what comes after the point. Use a single /.")
assert abs(percent_answered - 100 * 120 / 45) > 1e-9, (
    "More than 100 per cent? You divided all letters by the answered ones. Divide the part by the whole.")
assert abs(percent_answered - 37.5) < 1e-9, f"45 of 120 letters are 37.5 per cent. You got {percent_answered}."

# %% [markdown]
# ## 3. How long did people wait? (2 points)
#
# A list keeps many values. Run the cell, then try `sum(days)`, `max(days)` and `days[0]` in its last line.

# %%
days = [3, 12, 5, 9, 31]
len(days)

# %% [markdown]
# Give the name `mean_days` to the mean wait: all waits added up, divided by how many there are. Let Python count them.
# In a month with six waits your line should still be right.
#
# <details><summary>Hint 1</summary>You need two of the words that you have just tried.
# <details><summary>Hint 2</summary><code>sum(days)</code> adds up, and <code>len(days)</code> counts.
# <details><summary>Hint 3</summary><code>mean_days = sum(days) / ...</code></details></details></details>

# %% task="mean"
### BEGIN SOLUTION
mean_days = sum(days) / len(days)
### END SOLUTION

# %% test="test_mean" points=2
assert not isinstance(mean_days, str), "mean_days is a text now. Write the sum without quotes."
assert mean_days != 60, "60 is the sum of the waits. For the mean, divide it by the number of waits."
assert mean_days != 9, (
    "9 is the wait in the middle of the list when it is sorted. For the mean, add all waits up and divide by their "
    "number.")
assert mean_days not in (15, 10), (
    "The list has 5 waits, and you divided by another number. Let Python count: len(days).")
assert mean_days == 12, f"The 5 waits add up to 60, so the mean is 12 days. You got {mean_days}."

# %% [markdown]
# ## Well done
#
# Before you hand in, choose **Check my answers**. It forgets everything and runs the page from the top, as the marking
# will. Then choose **Hand in this answer**. You can hand in as often as you like.
#
# One more thing to think about. The mean wait is 12 days, but four of the five people waited 12 days or less. One long
# wait of 31 days pulls the mean up. Which number would you tell the public?
