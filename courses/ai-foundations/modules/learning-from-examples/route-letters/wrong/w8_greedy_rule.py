# expect: test_better_rules | letters to a wrong team. That costs more than asking a person | 6

# %% task="rules"
RULES = [
    ("sofa", "waste"),
    ("recycling", "waste"),
    ("badge", "parking"),
    ("school meal", "benefits"),
    ("benefit", "benefits"),
    ("damp", "housing"),
    ("flat", "housing"),
    ("tenancy", "housing"),
    ("certificate", "registry"),
    ("married", "registry"),
    ("died", "registry"),
    ("arrears", "council tax"),
    ("tax", "council tax"),
    ("my", "waste"),  # stands in letters for every team
    ("i", "parking"),
]
