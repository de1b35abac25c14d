# expect: test_add_rates | that is the rate for a month | 6

# %% task="add_rates"
def add_rates(table):
    table = table.copy()
    for cause in ["disease", "wounds", "other"]:
        table[cause + "_rate"] = 1000 * table[cause] / table["army"]  # forgets the twelve months
    return table
