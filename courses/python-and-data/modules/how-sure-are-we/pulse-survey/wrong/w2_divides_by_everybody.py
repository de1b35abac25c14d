# expect: test_share_by_grade | somebody who gave no answer is in the denominator | 6

# %% task="share_by_grade"
def share_by_grade(survey):
    return (survey["answer"] == "yes").groupby(survey["grade"]).mean()
