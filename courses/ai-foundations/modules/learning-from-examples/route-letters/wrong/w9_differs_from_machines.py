# expect: test_only_people | To differ is not to be right | 6

# %% task="only_people"
def only_people(letters):
    found = []
    for letter in letters:
        if letter["person"] != letter["rules"] and letter["person"] != letter["learned"]:  # never asks who is right
            found.append(letter["number"])
    return found
