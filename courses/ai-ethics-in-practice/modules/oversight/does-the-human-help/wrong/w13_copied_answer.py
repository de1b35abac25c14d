# expect: test_verdict | name the groups of the table it is given | 6

# %% task="verdict"
def verdict(effects):
    return ["b"], ["d"], ["a", "c"]
