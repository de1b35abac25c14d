# expect: test_lot_check | Take white MINUS black | 6

# %% task="lot_check"
def lot_check(cvs, traits):
    shares = cvs.groupby("name")[traits].mean().T
    shares["difference"] = shares["black"] - shares["white"]
    return shares
