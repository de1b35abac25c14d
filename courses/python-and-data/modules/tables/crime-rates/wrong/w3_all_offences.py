# expect: test_counts_by_area | the fraud is in it | 5

# %% task="counts_by_area"
def counts_by_area(table, offence):
    return table.groupby("area")["recorded"].sum()  # forgets to filter
