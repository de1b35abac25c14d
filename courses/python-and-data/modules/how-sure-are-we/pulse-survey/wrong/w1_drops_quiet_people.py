# expect: test_share_by_grade | the person who prefers not to say is missing | 6

# %% task="share_by_grade"
def share_by_grade(survey):
    answers = survey[survey["answer"].isin(["yes", "no"])]
    return (answers["answer"] == "yes").groupby(answers["grade"]).mean()
