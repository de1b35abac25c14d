# %% task="lines"
### BEGIN SOLUTION
lines = open("notes/today.txt").read().split()
### END SOLUTION

# %% test="test_lines" points=1
assert lines == ["one", "two"], f"{lines}"
