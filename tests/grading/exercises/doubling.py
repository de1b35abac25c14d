# %% [markdown]
# # Doubling
# A small exercise with one of everything that marking knows.

# %%
BASE = 2

# %% [markdown]
# ## 1. Double it (2 points)

# %% task="double"
def double(x):
    """Twice x."""
    ### BEGIN SOLUTION
    return BASE * x
    ### END SOLUTION

# %%
double  # an example cell that learners may change

# %% test="test_double" points=2
assert double(2) == 4, f"double(2) should be 4. You returned {double(2)!r}."
### BEGIN HIDDEN TESTS
assert double(-777) == -1554, "double(-777) should be -1554."
### END HIDDEN TESTS

# %% [markdown]
# ## 2. Count the long words (3 points)

# %% task="long_words"
### BEGIN SOLUTION
long_words = [word for word in ["a", "house", "of", "words"] if len(word) > 3]
### END SOLUTION

# %% test="test_long_words" points=3 hidden_message="Count every word of more than three letters, and no other."
assert isinstance(long_words, list)
### BEGIN HIDDEN TESTS
assert long_words == ["house", "words"], "The secret list is house, words."
### END HIDDEN TESTS

# %% test="test_share" points=2 title="A share of the points"
score = 0
score += double(1) == 2
score += double(0) == 0
float(score)

# %% [markdown]
# ## 3. Say why (4 points)

# %% [markdown] manual="why" points=4
# Say in your own words why doubling is useful.
#
# === BEGIN MARK SCHEME ===
# # The model answer
# It makes two of one.
# === END MARK SCHEME ===
