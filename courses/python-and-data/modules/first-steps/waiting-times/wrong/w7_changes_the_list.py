# expect: test_over_limit | changed the list that it was given | 4

# %% task="over_limit"
def over_limit(days, limit):
    days.sort(reverse=True)  # sorts the list of whoever asked
    late = []
    for wait in days:
        if wait > limit:
            late.append(wait)
    return late
