# expect: test_gap | you counted 200 CVs | 6

# %% task="gap"
def gap(cvs, column):
    sides = cvs.pivot(index="pair", columns="name", values=column)
    d = sides["white"] - sides["black"]
    margin = 1.96 * d.std() / len(cvs) ** 0.5
    return d.mean(), d.mean() - margin, d.mean() + margin
