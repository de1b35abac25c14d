# expect: test_turns_round | it did not turn round: False | 5

# %% task="turns_round"
def turns_round(overall, same_mix):
    return True  # the two famous tables do
