# expect: test_overrides | you took the officer's mistakes for those of the tool | 6

# %% task="overrides"
def overrides(trial):
    shown = trial[trial["advice"].notna()]
    overridden = shown["advice"] != shown["decision"]
    advice_wrong = (shown["right"] == 0) & ~overridden  # forgets the wrong advice that was overridden
    return float(overridden[advice_wrong].mean()), float(overridden[~advice_wrong].mean())
