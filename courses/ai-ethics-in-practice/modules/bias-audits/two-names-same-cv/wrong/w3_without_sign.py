# expect: test_lot_check | Keep the sign | 6

# %% task="lot_check"
def lot_check(cvs, traits):
    shares = cvs.groupby("name")[traits].mean().T
    shares["difference"] = (shares["white"] - shares["black"]).abs()
    return shares
