# expect: test_within | for the column that the call names | 6

# %% task="within"
def within(cvs, part):
    if "quality" not in cvs.columns:
        cvs = cvs.assign(quality="low")
    table = cvs.groupby(["quality", "name"])["called"].mean().unstack()  # whatever part says
    table["pairs"] = cvs.groupby("quality")["pair"].nunique()
    table["difference"] = table["white"] - table["black"]
    return table
