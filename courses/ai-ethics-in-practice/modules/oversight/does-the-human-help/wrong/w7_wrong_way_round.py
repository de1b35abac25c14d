# expect: test_effect | Take the arm MINUS alone | 6

# %% task="effect"
def effect(trial, group, arm):
    one = trial[trial["arm"] == arm].groupby(group)["right"]
    none = trial[trial["arm"] == "alone"].groupby(group)["right"]
    p1, n1, p0, n0 = one.mean(), one.size(), none.mean(), none.size()
    margin = 1.96 * (p1 * (1 - p1) / n1 + p0 * (1 - p0) / n0) ** 0.5
    return pd.DataFrame({"difference": p0 - p1, "low": p0 - p1 - margin, "high": p0 - p1 + margin})
