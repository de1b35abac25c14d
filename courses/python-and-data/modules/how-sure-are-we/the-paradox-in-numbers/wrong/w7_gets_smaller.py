# expect: test_turns_round | The difference got smaller | 5

# %% task="turns_round"
def turns_round(overall, same_mix):
    return (same_mix.max() - same_mix.min()) < (overall.max() - overall.min())
