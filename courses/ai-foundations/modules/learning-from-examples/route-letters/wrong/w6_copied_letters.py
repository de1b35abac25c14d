# expect: test_better_rules | fits only that letter | 6

# %% task="rules"
RULES = [  # ten whole beginnings of letters, then Amina's list
    ("there is damp in my daughter's", "housing"),
    ("since my husband moved out", "council tax"),
    ("my housing benefit has stopped", "benefits"),
    ("i am a lone parent. can my son", "benefits"),
    ("somebody left a sofa and two", "waste"),
    ("a car blocks our lane", "waste"),
    ("we want to get married in june", "registry"),
    ("i was fined although the machine", "parking"),
    ("water comes through the ceiling", "housing"),
    ("my mother died last week", "registry"),
    ("two bailiffs came about arrears", "council tax"),
    ("my tenancy ends on friday", "housing"),
    ("the blue badge for my husband", "parking"),
    ("bin", "waste"),
    ("parking", "parking"),
    ("certificate", "registry"),
    ("tax", "council tax"),
    ("benefit", "benefits"),
]
