# expect: test_weighted_share | that is the plain mean of the two shares | 6

# %% task="weighted_share"
def weighted_share(shares, staff):
    return shares.mean()
