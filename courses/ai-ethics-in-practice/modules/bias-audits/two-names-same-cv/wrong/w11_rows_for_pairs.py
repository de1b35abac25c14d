# expect: test_within | Those are CVs: each pair has two | 6

# %% task="within"
def within(cvs, part):
    table = cvs.groupby([part, "name"])["called"].mean().unstack()
    table["pairs"] = cvs.groupby(part).size()
    table["difference"] = table["white"] - table["black"]
    return table
