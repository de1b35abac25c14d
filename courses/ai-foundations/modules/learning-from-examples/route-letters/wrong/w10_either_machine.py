# expect: test_only_people | join the conditions with and | 6

# %% task="only_people"
def only_people(letters):
    found = []
    for letter in letters:
        team = letter["team"]
        if letter["person"] == team and (letter["rules"] != team or letter["learned"] != team):  # one wrong is enough
            found.append(letter["number"])
    return found
