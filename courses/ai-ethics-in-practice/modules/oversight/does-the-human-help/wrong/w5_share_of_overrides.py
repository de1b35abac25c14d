# expect: test_overrides | of the 3 overrides, 2 were against wrong advice | 6

# %% task="overrides"
def overrides(trial):
    shown = trial[trial["advice"].notna()]
    overridden = shown["advice"] != shown["decision"]
    advice_wrong = overridden == (shown["right"] == 1)
    return float(advice_wrong[overridden].mean()), float((~advice_wrong)[overridden].mean())
