# expect: test_first_rule_wins | do not go on to later rules | 6

# %% task="my_rules"
def my_rules(text, rules):
    found = "a person"
    for word, team in rules:
        if word in text.lower():
            found = team  # a later rule takes the place of an earlier one
    return found
