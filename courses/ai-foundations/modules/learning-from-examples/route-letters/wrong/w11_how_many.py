# expect: test_only_people | WHICH letters, not how many | 6

# %% task="only_people"
def only_people(letters):
    count = 0
    for letter in letters:
        team = letter["team"]
        if letter["person"] == team and letter["rules"] != team and letter["learned"] != team:
            count += 1
    return count
