# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown]
# # Draw the totals
#
# Add up the loans of each branch, then look at them.
#
# <details><summary>Hint 1</summary>Group the rows by branch.
# <details><summary>Hint 2</summary>Take one column of the groups.
# <details><summary>Hint 3</summary><code>loans.groupby("branch")["n"].sum()</code></details></details></details>

# %%
import matplotlib.pyplot as plt
import pandas as pd

loans = pd.DataFrame({"branch": ["north", "south", "north"], "n": [3, 4, 5]})
loans


# %% task="totals"
def totals(loans):
    """The number of loans of each branch."""
    ### BEGIN SOLUTION
    return loans.groupby("branch")["n"].sum()
    ### END SOLUTION


# %%
totals(loans).plot.bar(title="Loans", xlabel="branch", ylabel="number")
plt.show()

# %% test="test_totals" points=4 hidden_message="It must hold for any table of loans."
_found = totals(loans)
assert _found["north"] == 8, f"north has 3 and 5 loans, together 8. You have {_found['north']}."
### BEGIN HIDDEN TESTS
assert totals(pd.DataFrame({"branch": ["x"], "n": [2]}))["x"] == 2
### END HIDDEN TESTS
