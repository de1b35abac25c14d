# expect: test_interval | The square root is missing | 6

# %% task="interval"
def interval(survey):
    answers = survey["answer"].dropna()
    p = float((answers == "yes").mean())
    margin = 1.96 * (p * (1 - p) / len(answers))
    return max(0, p - margin), min(1, p + margin)
