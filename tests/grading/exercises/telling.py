# %% task="told"
### BEGIN SOLUTION
told = ""
### END SOLUTION

# %% test="test_told" points=1
assert told == "", told
