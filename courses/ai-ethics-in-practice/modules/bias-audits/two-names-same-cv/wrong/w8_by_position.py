# expect: test_gap | must find the two CVs of a pair by its number | 6

# %% task="gap"
def gap(cvs, column):
    d = cvs[column].to_numpy()[::2] - cvs[column].to_numpy()[1::2]  # every second row
    margin = 1.96 * d.std() / len(d) ** 0.5
    return d.mean(), d.mean() - margin, d.mean() + margin
