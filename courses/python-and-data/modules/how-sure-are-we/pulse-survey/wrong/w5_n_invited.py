# expect: test_interval | you took n from all 400 who were asked | 6

# %% task="interval"
def interval(survey):
    p = float((survey["answer"].dropna() == "yes").mean())
    margin = 1.96 * (p * (1 - p) / len(survey)) ** 0.5
    return max(0, p - margin), min(1, p + margin)
