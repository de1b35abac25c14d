# expect: test_mean_wait | print shows a number on the screen; return hands it back | 4

# %% task="mean_wait"
def mean_wait(days):
    if len(days) == 0:
        return None
    total = 0
    for wait in days:
        total = total + wait
    print(total / len(days))  # shows the mean, hands nothing back
