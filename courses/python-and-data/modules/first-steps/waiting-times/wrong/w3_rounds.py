# expect: test_mean_wait | do not round | 4

# %% task="mean_wait"
def mean_wait(days):
    if len(days) == 0:
        return None
    total = 0
    for wait in days:
        total = total + wait
    return total // len(days)  # drops what comes after the point
