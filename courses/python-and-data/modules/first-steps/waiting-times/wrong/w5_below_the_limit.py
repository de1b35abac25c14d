# expect: test_share_within | use <= and not < | 4

# %% task="share_within"
def share_within(days, limit):
    if len(days) == 0:
        return None
    count = 0
    for wait in days:
        if wait < limit:
            count = count + 1
    return count / len(days)
