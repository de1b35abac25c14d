# expect: test_over_limit | Is it how many there are, and not which? | 4

# %% task="over_limit"
def over_limit(days, limit):
    count = 0
    for wait in days:
        if wait > limit:
            count = count + 1
    return count
