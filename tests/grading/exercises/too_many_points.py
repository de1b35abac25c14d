# %% task="share"
### BEGIN SOLUTION
share = 0.5
### END SOLUTION

# %% test="test_share" points=2
share * 10
