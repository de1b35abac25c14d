# expect: test_percent | Divide the part by the whole | 4

# %% task="percent"
percent_answered = 100 * letters / answered
