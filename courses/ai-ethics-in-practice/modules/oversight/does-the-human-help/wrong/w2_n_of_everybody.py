# expect: test_accuracy | you took n from the whole table | 6

# %% task="accuracy"
def accuracy(trial, by):
    groups = trial.groupby(by)["right"]
    table = pd.DataFrame({"n": groups.size(), "right": groups.mean()})
    margin = 1.96 * (table["right"] * (1 - table["right"]) / len(trial)) ** 0.5
    table["low"] = (table["right"] - margin).clip(lower=0)
    table["high"] = (table["right"] + margin).clip(upper=1)
    return table
