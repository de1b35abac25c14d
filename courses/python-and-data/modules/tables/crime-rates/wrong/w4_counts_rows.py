# expect: test_counts_by_area | that is how many rows there are | 5

# %% task="counts_by_area"
def counts_by_area(table, offence):
    rows = table[table["offence"] == offence]
    return rows.groupby("area").size()
