# expect: test_waiting | the two names are the wrong way round | 4

# %% task="waiting"
letters = 120
answered = 45
still_waiting = answered - letters
