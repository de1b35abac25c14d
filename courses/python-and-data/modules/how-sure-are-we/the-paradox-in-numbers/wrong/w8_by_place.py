# expect: test_turns_round | Go by the names of the groups | 5

# %% task="turns_round"
def turns_round(overall, same_mix):
    return (overall.iloc[0] > overall.iloc[1]) != (same_mix.iloc[0] > same_mix.iloc[1])
