# expect: test_waiting | Names must stand without quotes | 4

# %% task="waiting"
letters = 120
answered = 45
still_waiting = "letters - answered"  # text, not a sum
