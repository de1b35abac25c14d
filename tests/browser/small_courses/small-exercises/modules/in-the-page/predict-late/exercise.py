# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown]
# # Predict what comes late

# %%
from sklearn.tree import DecisionTreeClassifier

days = [[1], [2], [30], [40]]
late = [0, 0, 1, 1]


# %% task="model"
def fitted(days, late):
    """A tree that has learnt which loans come late."""
    ### BEGIN SOLUTION
    return DecisionTreeClassifier(random_state=0).fit(days, late)
    ### END SOLUTION


# %% test="test_model" points=2 hidden_message="The model must have learnt from the table it is given."
_guess = [int(each) for each in fitted(days, late).predict([[0], [50]])]
assert _guess == [0, 1], f"0 days is in time and 50 are late. Your model says {_guess}."
### BEGIN HIDDEN TESTS
assert [int(each) for each in fitted([[0], [9]], [1, 0]).predict([[0], [9]])] == [1, 0]
### END HIDDEN TESTS
