# expect: test_only_people | they did not find the team, so that does not count as right | 6

# %% task="only_people"
def only_people(letters):
    found = []
    for letter in letters:
        team = letter["team"]
        rules_wrong = letter["rules"] not in (team, "a person")  # takes a hand-over for a right answer
        if letter["person"] == team and rules_wrong and letter["learned"] != team:
            found.append(letter["number"])
    return found
