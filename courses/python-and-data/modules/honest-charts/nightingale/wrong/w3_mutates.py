# expect: test_add_rates | changed the table that it was given | 6

# %% task="add_rates"
def add_rates(table):
    for cause in ["disease", "wounds", "other"]:
        table[cause + "_rate"] = 12 * 1000 * table[cause] / table["army"]
    return table
