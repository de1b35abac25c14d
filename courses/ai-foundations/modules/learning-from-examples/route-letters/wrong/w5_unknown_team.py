# expect: test_better_rules | 'recycling' is not one of the six teams | 6

# %% task="rules"
RULES = [
    ("recycling", "recycling"),  # no such team
    ("sofa", "waste"),
    ("bin", "waste"),
    ("badge", "parking"),
    ("parking", "parking"),
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
]
