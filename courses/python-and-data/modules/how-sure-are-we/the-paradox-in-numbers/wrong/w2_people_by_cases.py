# expect: test_overall_rates | you divided the people by the cases | 6

# %% task="overall_rates"
def overall_rates(table):
    sums = table.groupby("group")[["n", "cases"]].sum()
    return sums["n"] / sums["cases"]
