# expect: test_every_letter_goes_somewhere | was not found by the rule for 'bin' | 6

# %% task="my_rules"
def my_rules(text, rules):
    for word, team in rules:
        if word in text:  # "BIN" is not "bin"
            return team
    return "a person"
