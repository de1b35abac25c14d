# expect: test_drop_copies | The choir got two grants | 8

# %% task="drop_copies"
def drop_copies(table):
    kept = table.drop_duplicates(subset=["recipient", "amount"])
    return kept, len(table) - len(kept)
