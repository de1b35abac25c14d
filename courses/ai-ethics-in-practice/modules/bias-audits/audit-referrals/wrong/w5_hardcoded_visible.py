# expect: test_gap | not from a number written into your code | 10

# %% task="gap"
def gap(rates, metric, min_n=30):
    return 0.16 - 0.10, "other", ["not stated"]  # copies the answer of the visible test
