# expect: test_share_within | hand back None for an empty list | 4

# %% task="share_within"
def share_within(days, limit):
    count = 0
    for wait in days:
        if wait <= limit:
            count = count + 1
    return count / len(days)  # divides by nothing when nobody waited
