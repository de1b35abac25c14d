# expect: test_bounds | you counted those who prefer not to say as no | 6

# %% task="bounds"
def bounds(survey):
    yes = (survey["answer"] == "yes").sum()
    silent = survey["answer"].isna().sum()
    return yes / len(survey), (yes + silent) / len(survey)
