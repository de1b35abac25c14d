# expect: test_gap | It is not the size of the difference | 6

# %% task="gap"
def gap(cvs, column):
    from math import erfc

    sides = cvs.pivot(index="pair", columns="name", values=column)
    d = sides["white"] - sides["black"]
    error = d.std() / len(d) ** 0.5
    p = erfc(abs(d.mean()) / error / 2**0.5)
    return p, d.mean() - 1.96 * error, d.mean() + 1.96 * error
