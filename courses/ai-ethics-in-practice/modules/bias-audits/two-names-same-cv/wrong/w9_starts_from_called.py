# expect: test_within | you started from the CVs that were called | 6

# %% task="within"
def within(cvs, part):
    called = cvs[cvs["called"] == 1]
    table = pd.crosstab(called[part], called["name"], normalize="columns")
    table["pairs"] = cvs.groupby(part)["pair"].nunique()
    table["difference"] = table["white"] - table["black"]
    return table
