# expect: test_verdict | You say that 'c' is harmed | 6

# %% task="verdict"
def verdict(effects):
    helped = sorted(effects.index[effects["difference"] > 0])
    harmed = sorted(effects.index[effects["difference"] < 0])
    return helped, harmed, []
