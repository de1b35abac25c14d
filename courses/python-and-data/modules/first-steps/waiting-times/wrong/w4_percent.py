# expect: test_share_within | that is a percentage | 4

# %% task="share_within"
def share_within(days, limit):
    if len(days) == 0:
        return None
    count = 0
    for wait in days:
        if wait <= limit:
            count = count + 1
    return 100 * count / len(days)
