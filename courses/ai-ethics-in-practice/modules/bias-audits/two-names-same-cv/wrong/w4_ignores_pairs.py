# expect: test_gap | you treated the two rows of a pair as strangers | 6

# %% task="gap"
def gap(cvs, column):
    groups = cvs.groupby("name")[column]
    share, n = groups.mean(), groups.size()
    difference = share["white"] - share["black"]
    margin = 1.96 * (share * (1 - share) / n).sum() ** 0.5  # as if each row went to another firm
    return difference, difference - margin, difference + margin
