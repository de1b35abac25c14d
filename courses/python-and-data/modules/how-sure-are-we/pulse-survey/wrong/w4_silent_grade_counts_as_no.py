# expect: test_weighted_share | as if all had said no | 6

# %% task="weighted_share"
def weighted_share(shares, staff):
    return (shares * staff).sum() / staff.sum()  # a grade without answers is below the line, and not above
