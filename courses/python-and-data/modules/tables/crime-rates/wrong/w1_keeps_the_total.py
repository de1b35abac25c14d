# expect: test_areas_only | The row for ALL AREAS is still there | 6

# %% task="areas_only"
def areas_only(table):
    return table.iloc[:-1]  # trusts that the total is the last row
