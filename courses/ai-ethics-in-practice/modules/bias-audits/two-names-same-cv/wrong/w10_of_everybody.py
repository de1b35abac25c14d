# expect: test_within | Divide by the 10 of high quality | 6

# %% task="within"
def within(cvs, part):
    table = cvs.groupby([part, "name"])["called"].sum().unstack() / cvs["pair"].nunique()
    table["pairs"] = cvs.groupby(part)["pair"].nunique()
    table["difference"] = table["white"] - table["black"]
    return table
