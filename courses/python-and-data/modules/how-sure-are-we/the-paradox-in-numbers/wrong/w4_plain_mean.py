# expect: test_same_mix_rates | the plain mean of its two rates | 5

# %% task="same_mix_rates"
def same_mix_rates(table):
    rates = table.assign(rate=table["cases"] / table["n"])
    return rates.groupby("group")["rate"].mean()
