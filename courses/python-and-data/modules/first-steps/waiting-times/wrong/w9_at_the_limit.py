# expect: test_over_limit | use > and not >= | 4

# %% task="over_limit"
def over_limit(days, limit):
    late = []
    for wait in days:
        if wait >= limit:
            late.append(wait)
    return sorted(late, reverse=True)
