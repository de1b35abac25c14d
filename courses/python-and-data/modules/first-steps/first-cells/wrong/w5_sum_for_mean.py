# expect: test_mean | 60 is the sum of the waits | 4

# %% task="mean"
mean_days = sum(days)
