# expect: test_mean_wait | The mean of 10 and 20 is 15 | 4

# %% task="mean_wait"
def mean_wait(days):
    if len(days) == 0:
        return None
    total = 0
    for wait in days:
        total = total + wait
    return total / 12  # counted by hand for this one month
