# expect: test_effect | those with reasons included | 6

# %% task="effect"
def effect(trial, group, arm):
    one = trial[trial["arm"] == arm].groupby(group)["right"]
    none = trial[trial["arm"] != arm].groupby(group)["right"]  # everything else, not the officers alone
    p1, n1, p0, n0 = one.mean(), one.size(), none.mean(), none.size()
    margin = 1.96 * (p1 * (1 - p1) / n1 + p0 * (1 - p0) / n0) ** 0.5
    return pd.DataFrame({"difference": p1 - p0, "low": p1 - p0 - margin, "high": p1 - p0 + margin})
