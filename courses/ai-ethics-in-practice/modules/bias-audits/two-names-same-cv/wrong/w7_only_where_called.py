# expect: test_gap | you left out pairs in which nobody was called | 6

# %% task="gap"
def gap(cvs, column):
    sides = cvs.pivot(index="pair", columns="name", values=column)
    sides = sides[sides.sum(axis=1) > 0]  # "the others tell us nothing"
    d = sides["white"] - sides["black"]
    margin = 1.96 * d.std() / len(d) ** 0.5
    return d.mean(), d.mean() - margin, d.mean() + margin
