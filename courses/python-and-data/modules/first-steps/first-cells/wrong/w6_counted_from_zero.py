# expect: test_mean | Let Python count | 4

# %% task="mean"
mean_days = sum(days) / 4  # counted from 0, so the last wait is forgotten
