# expect: test_lot_check | You looked only at CVs that were called | 6

# %% task="lot_check"
def lot_check(cvs, traits):
    shares = cvs[cvs["called"] == 1].groupby("name")[traits].mean().T
    shares["difference"] = shares["white"] - shares["black"]
    return shares
