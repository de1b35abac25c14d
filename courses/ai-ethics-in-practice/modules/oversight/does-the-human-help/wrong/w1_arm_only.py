# expect: test_accuracy | a share for everybody hides the groups | 6

# %% task="accuracy"
def accuracy(trial, by):
    groups = trial.groupby(["arm"])["right"]  # whatever by says
    table = pd.DataFrame({"n": groups.size(), "right": groups.mean()})
    margin = 1.96 * (table["right"] * (1 - table["right"]) / table["n"]) ** 0.5
    table["low"] = (table["right"] - margin).clip(lower=0)
    table["high"] = (table["right"] + margin).clip(upper=1)
    return table
