# expect: test_bounds | divide by all 10 who were asked | 6

# %% task="bounds"
def bounds(survey):
    answers = survey["answer"].dropna()
    yes = (answers == "yes").sum()
    no = (answers == "no").sum()
    return yes / len(answers), 1 - no / len(answers)
