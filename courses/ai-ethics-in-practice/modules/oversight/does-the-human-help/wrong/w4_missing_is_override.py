# expect: test_overrides | Where no advice was shown, nobody could override it | 6

# %% task="overrides"
def overrides(trial):
    overridden = trial["advice"] != trial["decision"]  # an empty value differs from everything
    advice_wrong = overridden == (trial["right"] == 1)
    return float(overridden[advice_wrong].mean()), float(overridden[~advice_wrong].mean())
