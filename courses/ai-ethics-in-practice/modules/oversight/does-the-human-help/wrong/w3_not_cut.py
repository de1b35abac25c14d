# expect: test_accuracy | an interval that stays between nothing and everything | 6

# %% task="accuracy"
def accuracy(trial, by):
    groups = trial.groupby(by)["right"]
    table = pd.DataFrame({"n": groups.size(), "right": groups.mean()})
    margin = 1.96 * (table["right"] * (1 - table["right"]) / table["n"]) ** 0.5
    table["low"] = table["right"] - margin
    table["high"] = table["right"] + margin
    return table
