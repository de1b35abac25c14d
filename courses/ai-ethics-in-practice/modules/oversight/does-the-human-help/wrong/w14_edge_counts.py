# expect: test_verdict | only where the whole interval lies on one side | 6

# %% task="verdict"
def verdict(effects):
    helped = sorted(effects.index[effects["low"] >= 0])
    harmed = sorted(effects.index[effects["high"] <= 0])
    return helped, harmed, sorted(set(effects.index) - set(helped) - set(harmed))
