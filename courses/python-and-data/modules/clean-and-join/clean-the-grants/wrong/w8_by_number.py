# expect: test_drop_copies | this is a question and no copy | 8

# %% task="drop_copies"
def drop_copies(table):
    kept = table.drop_duplicates(subset=["grant_id"])
    return kept, len(table) - len(kept)
