# expect: test_interval | never go below nothing or above everything | 6

# %% task="interval"
def interval(survey):
    answers = survey["answer"].dropna()
    p = float((answers == "yes").mean())
    margin = 1.96 * (p * (1 - p) / len(answers)) ** 0.5
    return p - margin, p + margin  # can leave the range of a share
