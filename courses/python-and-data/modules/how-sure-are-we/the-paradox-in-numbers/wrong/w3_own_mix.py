# expect: test_same_mix_rates | each group was given its own mix | 5

# %% task="same_mix_rates"
def same_mix_rates(table):
    sums = table.groupby("group")[["n", "cases"]].sum()
    return sums["cases"] / sums["n"]  # the overall rates again
