# expect: test_verdict | What the trial does not show has to be said as well | 6

# %% task="verdict"
def verdict(effects):
    return sorted(effects.index[effects["low"] > 0]), sorted(effects.index[effects["high"] < 0]), []
