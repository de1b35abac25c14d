# expect: test_add_rates | that is for each 100 soldiers | 6

# %% task="add_rates"
def add_rates(table):
    table = table.copy()
    for cause in ["disease", "wounds", "other"]:
        table[cause + "_rate"] = 12 * 100 * table[cause] / table["army"]
    return table
