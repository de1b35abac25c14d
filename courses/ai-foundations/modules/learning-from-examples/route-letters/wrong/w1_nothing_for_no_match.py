# expect: test_every_letter_goes_somewhere | lies in nobody's tray | 6

# %% task="my_rules"
def my_rules(text, rules):
    small = text.lower()
    for word, team in rules:
        if word in small:
            return team  # and nothing for a letter that no rule fits
