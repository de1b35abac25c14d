# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown]
# # Waiting times
#
# **Course** Python and data for public servants · **Module** First steps in a notebook · **About 35 minutes** · **You
# earn** Reproducibility, level Awareness
#
# Joanna runs the counter for parking permits in a town. Her charter says: *we decide within 14 days*. Each month she is
# asked the same three questions, and each month somebody works them out by hand. She asks you:
#
# > *Can you write them down once, so that they work for any month, also for one in which nobody applied?*
#
# When you have finished, you will be able to:
#
# 1. finish a function that somebody has begun
# 2. write a function of your own that counts by a rule
# 3. write a function that picks values from a list and leaves the list as it was
#
# **The data is made up**: the waits of twelve people, in days. Real lists are longer. The functions do not mind.

# %%
days = [3, 14, 9, 21, 5, 14, 7, 30, 2, 12, 14, 16]
len(days)

# %% [markdown]
# ## Worked example: the longest wait
#
# Read this function and run the cell. It looks first whether anybody waited at all. If not, it hands back `None`,
# Python's word for "nothing". A longest wait of 0 days would be another message.

# %%
def longest_wait(days):
    """The longest wait in the list, or None when nobody waited."""
    if len(days) == 0:
        return None
    return max(days)

# %%
longest_wait(days)

# %% [markdown]
# Try it with another list, such as `longest_wait([4, 8])`. Then with an empty one: `longest_wait([])`. It seems to show
# nothing: that is `None`.
#
# ## 1. Finish the mean wait (2 points)
#
# Joanna's colleague has begun the function `mean_wait`. It already knows what to do with an empty list, and it adds up
# the waits. Only the end is missing: hand back the mean. Put your line in place of the last two.
#
# <details><summary>Hint 1</summary>What does <code>total</code> hold when the loop is over? What is still missing for a
# mean?
# <details><summary>Hint 2</summary>Divide the total by the number of waits, and let Python count them. Begin the line
# with <code>return</code>, with four spaces before it.
# <details><summary>Hint 3</summary><code>return total / len(...)</code></details></details></details>

# %% task="mean_wait"
def mean_wait(days):
    """The mean wait, or None when nobody waited."""
    if len(days) == 0:
        return None
    total = 0
    for wait in days:
        total = total + wait
    ### BEGIN SOLUTION
    return total / len(days)
    ### END SOLUTION

# %%
# Look before you test: is this about as long as you expect?
mean_wait(days)

# %% test="test_mean_wait" points=2 hidden_message="The function must work for any list of waits, also for a longer one, and hand back the mean as it is, without rounding."
_m = mean_wait([10, 20])
assert _m is not None, (
    "mean_wait([10, 20]) gave nothing back. print shows a number on the screen; return hands it back. Use return.")
assert _m != 30, "For 10 and 20 you got 30. That is the sum. Divide it by the number of waits."
assert _m == 15, f"The mean of 10 and 20 is 15. You got {_m}."
assert mean_wait([1, 2]) == 1.5, (
    f"The mean of 1 and 2 is 1.5. You got {mean_wait([1, 2])}. Use a single / and do not round: "
    "whoever reads the number may round it.")
assert mean_wait([]) is None, "For an empty list the function must hand back None."
### BEGIN HIDDEN TESTS
assert mean_wait([7]) == 7, "The mean is wrong for a list you have not seen."
assert abs(mean_wait([1] * 29 + [301]) - 11) < 1e-9, "The mean is wrong for a list you have not seen."
assert abs(mean_wait([0, 0, 1]) - 1 / 3) < 1e-9, "The mean is wrong for a list you have not seen."
### END HIDDEN TESTS

# %% [markdown]
# ## 2. The share within a limit (2 points)
#
# Write `share_within(days, limit)`. It hands back the **share** of people who waited no longer than `limit` days: a
# number from 0 to 1. Someone who waited exactly `limit` days was within the limit. For an empty list, hand back `None`.
#
# <details><summary>Hint 1</summary>You need three steps: deal with an empty list, count those within the limit, divide.
# The lesson "Names, lists and functions" has a loop that counts.
# <details><summary>Hint 2</summary>Begin as in <code>mean_wait</code>, but start with <code>count = 0</code>. In the
# loop, add 1 only <code>if wait &lt;= limit:</code>
# <details><summary>Hint 3</summary>After the loop: <code>return count / len(days)</code>. The spaces before
# <code>return</code> must be those of <code>for</code>.</details></details></details>

# %% task="share_within"
def share_within(days, limit):
    """The share of waits that are at most `limit` days, from 0 to 1; None when nobody waited."""
    ### BEGIN SOLUTION
    if len(days) == 0:
        return None
    count = 0
    for wait in days:
        if wait <= limit:
            count = count + 1
    return count / len(days)
    ### END SOLUTION

# %%
share_within(days, 14)  # do you get 0.75?

# %% test="test_share_within" points=2 hidden_message="The function must work for any list and any limit, hand back None for an empty list, and count every wait of the list once."
_s = share_within([10, 20, 30, 40], 20)
assert _s is not None, "share_within gave nothing back. End it with return, not with print."
assert _s != 50, "You got 50: that is a percentage. A share lies between 0 and 1, so 2 of 4 is 0.5."
assert _s != 2, "You got 2: that is how many people it is. Divide by the number of people to get a share."
assert _s != 0.25, (
    "The person who waited exactly 20 days is missing. Within 20 days means 20 or fewer: use <= and not <.")
assert _s == 0.5, f"2 of the 4 people waited 20 days or less, so the share is 0.5. You got {_s}."
assert share_within([10, 20, 30, 40], 5) == 0, "Nobody waited 5 days or less, so the share is 0."
assert share_within([10, 20, 30, 40], 99) == 1, (
    "Everybody waited 99 days or less, so the share is 1. Does the loop reach its end before return?")
### BEGIN HIDDEN TESTS
assert share_within([], 14) is None, "For an empty list the function must hand back None."
assert share_within([8], 8) == 1, "The share is wrong for a list with a single wait."
_long = [1, 15, 7, 3, 2, 40, 14, 14, 9, 11, 28, 5, 6, 30, 13, 2]
assert abs(share_within(_long, 14) - 12 / 16) < 1e-9, "The share is wrong for a list you have not seen."
assert abs(share_within(_long, 2) - 3 / 16) < 1e-9, "The share is wrong for a limit you have not seen."
### END HIDDEN TESTS

# %% [markdown]
# ## 3. Who waited too long? (2 points)
#
# Joanna wants to write to everybody who waited too long, the longest wait first. Write `over_limit(days, limit)`. It
# hands back a **new list** of the waits above `limit`, sorted from long to short. If there are none, the list is empty:
# `[]`.
#
# Leave the list `days` as it is. Others still need it in its old order.
#
# These lines show what you need. Run the cell:

# %%
late = []                      # an empty list
late.append(21)                # put a value at its end
late.append(30)
sorted(late, reverse=True)     # a NEW list, from large to small

# %% [markdown]
# <details><summary>Hint 1</summary>Begin with an empty list. Go through <code>days</code>, and put into your list what
# is above the limit.
# <details><summary>Hint 2</summary>Above the limit is <code>wait &gt; limit</code>. At the end, hand back a sorted copy
# with <code>sorted(..., reverse=True)</code>. The word <code>days.sort()</code> would change the list that you were
# given.
# <details><summary>Hint 3</summary>The last line is <code>return sorted(late, reverse=True)</code>, and the one before
# it is <code>late.append(wait)</code>.</details></details></details>

# %% task="over_limit"
def over_limit(days, limit):
    """The waits above `limit`, from long to short, as a new list."""
    ### BEGIN SOLUTION
    late = []
    for wait in days:
        if wait > limit:
            late.append(wait)
    return sorted(late, reverse=True)
    ### END SOLUTION

# %%
over_limit(days, 14)  # look before you test: is the longest wait first?

# %% test="test_over_limit" points=2 hidden_message="The function must work for any list and any limit, keep waits that occur twice, and hand back an empty list when nobody waited too long."
_days = [21, 5, 30, 14]
_o = over_limit(_days, 14)
assert _o is not None, "over_limit gave nothing back. End it with return, not with print."
assert isinstance(_o, list), (
    f"Hand back a list, as in [30, 21]. You gave {_o!r}. Is it how many there are, and not which?")
assert 14 not in _o, "14 is in your list. Whoever waited exactly 14 days kept to the limit: use > and not >=."
assert _days == [21, 5, 30, 14], (
    "Your function changed the list that it was given. days.sort() does that. Use sorted(...), which makes a new list.")
assert _o != [21, 30], "The waits are right, but the longest must come first. Use sorted(..., reverse=True)."
assert _o == [30, 21], f"Above 14 days are 30 and 21, the longest first: [30, 21]. You got {_o}."
### BEGIN HIDDEN TESTS
assert over_limit([], 14) == [], "An empty list of waits gives an empty list."
assert over_limit([1, 2, 3], 14) == [], "When nobody waited too long, the list is empty."
assert over_limit([16, 40, 16, 9, 22], 15) == [40, 22, 16, 16], "The list is wrong for waits you have not seen."
assert over_limit([6, 8, 7], 6) == [8, 7], "The list is wrong for a limit you have not seen."
### END HIDDEN TESTS

# %% [markdown]
# ## Put it together (not marked)
#
# Your three functions answer Joanna's three questions for any month. The sign `f` before the quotes lets a text hold
# values. Run the cell when your three checks pass, then try another month, also an empty one: `[]`.

# %%
month = [3, 14, 9, 21, 5, 14, 7, 30, 2, 12, 14, 16]

try:
    print(f"Mean wait in days: {mean_wait(month)}")
    print(f"Share within 14 days: {share_within(month, 14)}")
    print(f"Waits above 14 days: {over_limit(month, 14)}")
except NotImplementedError:
    print("Finish the three tasks first.")

# %% [markdown]
# Three people waited exactly 14 days. With `<` in place of `<=`, the share would fall from 75% to 50%. Now you know why
# Joanna should say in her report which rule she used.
