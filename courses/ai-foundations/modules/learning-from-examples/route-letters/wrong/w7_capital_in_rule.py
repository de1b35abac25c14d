# expect: test_better_rules | never fits, because my_rules makes the letter small first | 6

# %% task="rules"
RULES = [
    ("Sofa", "waste"),  # the letter is made small, so this never fits
    ("recycling", "waste"),
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
