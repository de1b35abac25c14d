# expect: test_overall_rates | the mean of its two percentages | 6

# %% task="overall_rates"
def overall_rates(table):
    return table.assign(rate=table["cases"] / table["n"]).groupby("group")["rate"].mean()
