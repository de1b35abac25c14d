# expect: test_percent | 0.375 is the share | 4

# %% task="percent"
percent_answered = answered / letters
