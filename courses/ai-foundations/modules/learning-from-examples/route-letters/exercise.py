# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown]
# # Three ways to route a letter
#
# **Course** AI foundations for everyone · **Module** How a machine learns from examples · **About 40 minutes** ·
# **You earn** AI literacy, level Working
#
# A council gets letters that belong to one of six teams. Amina runs the post room. She asks you:
#
# > *Should we keep our list of keywords, buy a model that learns from old letters, or let people read everything?*
#
# You will route 20 letters in all three ways. When you have finished, you will be able to:
#
# 1. write rules, and see where they break
# 2. watch a model learn from past letters, and see it break in other places
# 3. name the letters that only a person got right
#
# **You need no programming.** You will fill three gaps, change one list, and change one line. In each code cell press the
# run button, from the top down. **The data is made up**.
#
# The first cell looks like a foreign language. It only fetches the letters, so you need not read it. Run it, and look at
# what comes out below.

# %%
import csv
import math
import re
from collections import Counter

TEAMS = ["benefits", "council tax", "housing", "parking", "registry", "waste"]


def read(name):
    with open(name, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


past = read("past_letters.csv")  # 600 old letters, each with the team that dealt with it
letters = read("letters.csv")  # 20 new ones. `team` is the right answer, `person` what the officer on duty chose
for letter in letters:
    letter["number"] = int(letter["number"])
    print(letter["number"], letter["message"])

# %% [markdown]
# Read the 20 letters. Which ones could you send on at once? Which ones made you stop?
#
# ## Worked example: two rules
# Here are two rules as a computer reads them, from top to bottom. The first rule that fits wins. If none fits, the letter
# goes to `"a person"`. Run the cell and look at the first five answers.

# %%
def two_rules(text):
    small = text.lower()  # "BIN" and "Bin" become "bin": for a computer capital letters are other letters
    if "bin" in small:
        return "waste"
    if "parking" in small:
        return "parking"
    return "a person"


for letter in letters[:5]:
    print(letter["number"], two_rules(letter["message"]), "| right team:", letter["team"])

# %% [markdown]
# ## 1. Your own router (4 points)
# With many rules, a list is easier to change. Each entry is a word and a team, such as `("bin", "waste")`. Write
# `my_rules(text, rules)`. It goes through the list `rules` from top to bottom and gives back the team of the **first** rule
# whose word is in the text, with capital letters or without. If no rule fits, it gives back `"a person"`.
#
# Almost all of it is here. Copy these lines into the next cell, in place of what is under the first line there. Then fill
# the three gaps.
#
# ```
#     small = text.____()
#     for word, team in rules:
#         if word in small:
#             return ____
#     return ____
# ```
#
# <details><summary>Hint 1</summary>All three gaps have an answer in <code>two_rules</code> above.
# <details><summary>Hint 2</summary>The first gap makes capital letters small. The second is the team of the rule that
# fits. The third is for a letter that no rule fits.
# <details><summary>Hint 3</summary>The gaps are <code>lower</code>, then <code>team</code>, then
# <code>"a person"</code> with its quotation marks.</details></details></details>

# %% task="my_rules"
def my_rules(text, rules):
    ### BEGIN SOLUTION
    small = text.lower()
    for word, team in rules:
        if word in small:
            return team
    return "a person"
    ### END SOLUTION

# %% test="test_every_letter_goes_somewhere" points=2 title="Every letter goes somewhere" hidden_message="The router must work with any list of rules and any letter, also with an empty list. The answer must come from the list that you are given."
_rules = [("bin", "waste"), ("permit", "parking")]
_found = my_rules("please empty my bin", _rules)
assert _found is not None, (
    "A letter with the word 'bin' got no team: my_rules gave back nothing. Did you print the team? Write return.")
assert _found != "bin", "You gave back the word 'bin'. Give back the team that stands beside it in the list."
assert _found == "waste", f"The word 'bin' is in the letter, so the team is 'waste'. You gave back {_found!r}."
_second = my_rules("where is my permit", _rules)
assert _second == "parking", (
    f"The second rule fits, but you gave back {_second!r}. The last return must stand outside the loop: "
    "only when ALL rules have been tried does the letter go to a person.")
_capitals = my_rules("MY BIN IS FULL", _rules)
assert _capitals == "waste", (
    "'MY BIN IS FULL' was not found by the rule for 'bin'. For a computer capital letters are other letters. "
    "Make the text small first: text.lower().")
_nobody = my_rules("I love this town", _rules)
assert _nobody is not None, (
    "No rule fits 'I love this town', and it got no team at all. A letter without an answer lies in nobody's tray: "
    "give back 'a person'.")
assert _nobody == "a person", f"No rule fits, so the letter goes to 'a person'. You gave back {_nobody!r}."
### BEGIN HIDDEN TESTS
assert my_rules("Any letter", []) == "a person", "An empty list sends every letter to a person."
_other = [("wedding", "registry"), ("boiler", "housing"), ("refund", "council tax")]
for _text, _team in [
    ("The BOILER is off", "housing"), ("A Wedding in May", "registry"), ("REFUND please", "council tax"),
    ("bin", "a person"), ("", "a person"),
]:
    assert my_rules(_text, _other) == _team, "The router is wrong on a list or a letter that you have not seen."
### END HIDDEN TESTS

# %% test="test_first_rule_wins" points=2 title="The first rule wins" hidden_message="When several rules fit, the one that stands first in the list wins, wherever its word stands in the letter."
_both = "My bin was not emptied because a car was parked before it"
_v = my_rules(_both, [("car", "parking"), ("bin", "waste")])
assert _v != "waste", (
    "Both 'car' and 'bin' are in this letter. The rule for 'car' stands first in the list, so it wins. "
    "You gave back 'waste': do not go on to later rules, and do not look which word comes first in the letter.")
assert _v == "parking", f"The rule for 'car' stands first in the list, so the team is 'parking'. You gave back {_v!r}."
_w = my_rules(_both, [("bin", "waste"), ("car", "parking")])
assert _w == "waste", (
    f"Now the rule for 'bin' stands first, so the team is 'waste'. You gave back {_w!r}. The order of the list decides.")
### BEGIN HIDDEN TESTS
_long = [("school", "benefits"), ("flat", "housing"), ("fine", "parking"), ("bill", "council tax")]
for _text, _team in [
    ("A bill, a fine and a flat", "housing"), ("The fine came with the bill", "parking"),
    ("A flat near the school", "benefits"), ("A bill for the school", "benefits"),
]:
    assert my_rules(_text, _long) == _team, "The order of the rules is not kept in a letter that you have not seen."
### END HIDDEN TESTS

# %% [markdown]
# ## 2. A better list (2 points)
# Run the next cell. It holds Amina's list and shows what becomes of the 20 letters. Then change `RULES`, in the cell below it,
# until at least **14** of the 20 letters go to the right team and at most **3** to a wrong one. Add rules, drop rules, change
# their order. `RULES` starts as a copy of Amina's list. Each rule is a word, a comma and a team, in round brackets, with a comma
# after it. Write the words in small letters. When you have begun, take away the line with `raise`.
#
# Make rules that will also work **next week**. A rule that copies a whole sentence fits one letter and no other.
#
# <details><summary>Hint 1</summary>Look at a letter that went to a person. Which word in it would you expect in other
# letters to the same team?
# <details><summary>Hint 2</summary>The rule for "rent" also finds "pa<b>rent</b>". Put a better rule above it, or drop
# it.
# <details><summary>Hint 3</summary>Useful beginnings: <code>("school meal", "benefits")</code>,
# <code>("flat", "housing")</code>, <code>("damp", "housing")</code>, <code>("died", "registry")</code>,
# <code>("sofa", "waste")</code>, <code>("ticket", "parking")</code>.</details></details></details>

# %%
AMINAS_RULES = [
    ("bin", "waste"),
    ("parking", "parking"),
    ("rent", "housing"),
    ("certificate", "registry"),
    ("tax", "council tax"),
    ("benefit", "benefits"),
]


def show(rules):
    for letter in letters:
        answer = my_rules(letter["message"], rules)
        mark = "right" if answer == letter["team"] else "to a person" if answer == "a person" else "WRONG"
        print(f"{letter['number']:2} {mark:12} {answer:12} {letter['message'][:60]}")


show(AMINAS_RULES)

# %% task="rules"
RULES = [
    ("bin", "waste"),
    ("parking", "parking"),
    ("rent", "housing"),
    ("certificate", "registry"),
    ("tax", "council tax"),
    ("benefit", "benefits"),
]
### BEGIN SOLUTION
RULES = [
    ("housing benefit", "benefits"),
    ("school meal", "benefits"),
    ("recycling", "waste"),
    ("sofa", "waste"),
    ("parking", "parking"),
    ("bin", "waste"),
    ("badge", "parking"),
    ("ticket", "parking"),
    ("tenancy", "housing"),
    ("damp", "housing"),
    ("flat", "housing"),
    ("boiler", "housing"),
    ("repair", "housing"),
    ("certificate", "registry"),
    ("married", "registry"),
    ("wedding", "registry"),
    ("died", "registry"),
    ("arrears", "council tax"),
    ("council tax", "council tax"),
    ("benefit", "benefits"),
]
### END SOLUTION

# %%
show(RULES)  # your list; run this again after each change

# %% test="test_better_rules" points=2 title="A better list" hidden_message="Your list must also do better than Amina's for letters that you have not seen. A rule that copies a long piece of one letter fits only that letter."
assert isinstance(RULES, list) and all(isinstance(_r, tuple) and len(_r) == 2 for _r in RULES), (
    'Each rule is a word and a team in round brackets, such as ("bin", "waste"), with a comma after the bracket.')
_six = ["benefits", "council tax", "housing", "parking", "registry", "waste"]
_unknown = [_team for _, _team in RULES if _team not in _six]
assert _unknown == [], (
    f"{_unknown[0]!r} is not one of the six teams, so its letters would reach nobody. Use {', '.join(_six)}.")
assert all(_word for _word, _ in RULES), "An empty word is in every letter, so no later rule is ever tried. Take it out."
_large = [_word for _word, _ in RULES if _word != _word.lower()]
assert _large == [], (
    f"The rule for {_large[0]!r} never fits, because my_rules makes the letter small first. Write it in small letters.")
with open("letters.csv", encoding="utf-8", newline="") as _file:
    _letters = list(csv.DictReader(_file))


def _route(text, rules):
    return next((team for word, team in rules if word in text.lower()), "a person")


_answers = [_route(_letter["message"], RULES) for _letter in _letters]
_right = sum(_answer == _letter["team"] for _answer, _letter in zip(_answers, _letters))
_wrong = sum(_answer not in ("a person", _letter["team"]) for _answer, _letter in zip(_answers, _letters))
assert _wrong <= 3, (
    f"Your list sends {_wrong} letters to a wrong team. That costs more than asking a person: aim for 3 at most. "
    "Look for a rule whose word stands in letters for other teams too.")
assert _right >= 14, f"Your list sends {_right} of the 20 letters to the right team. Amina's sends 4. Aim for 14."
### BEGIN HIDDEN TESTS
_unseen = [
    ("The bin men left our bin full again.", "waste"), ("My recycling was not taken.", "waste"),
    ("Who takes away an old sofa?", "waste"), ("A sofa lies in front of number nine.", "waste"),
    ("There are recycling bags all over the street.", "waste"), ("Recycling day was Monday.", "waste"),
    ("I need a new parking permit.", "parking"), ("I got a ticket outside the clinic.", "parking"),
    ("How do I renew a blue badge?", "parking"), ("Where can I buy a parking ticket?", "parking"),
    ("May I appeal against this ticket?", "parking"), ("My badge was stolen from the car.", "parking"),
    ("There is damp on every wall.", "housing"), ("The repair to the stairs was never done.", "housing"),
    ("My flat has no heating.", "housing"), ("I want to give up my tenancy.", "housing"),
    ("Can I swap my flat with my sister?", "housing"), ("The damp has reached the kitchen.", "housing"),
    ("When does my tenancy start?", "housing"), ("The repair man did not come.", "housing"),
    ("Please send a marriage certificate.", "registry"), ("My father died in hospital.", "registry"),
    ("We would like to be married at the town hall.", "registry"), ("My aunt died abroad.", "registry"),
    ("How much is a death certificate?", "registry"), ("Can we get married on a Sunday?", "registry"),
    ("My council tax went up.", "council tax"), ("Do students pay council tax?", "council tax"),
    ("I cannot pay the arrears at once.", "council tax"), ("The arrears are not mine.", "council tax"),
    ("My arrears have been paid.", "council tax"), ("The council tax letter has the wrong name.", "council tax"),
    ("My housing benefit is late.", "benefits"), ("Does my son get free school meals?", "benefits"),
    ("You stopped my benefit by mistake.", "benefits"), ("Who decides about housing benefit?", "benefits"),
    ("My school meals form was lost.", "benefits"), ("School meals for two children, please.", "benefits"),
    ("I am a parent of four and my benefit is too low.", "benefits"), ("Free school meals were refused.", "benefits"),
]
_hits = sum(_route(_text, RULES) == _team for _text, _team in _unseen)
assert _hits >= 14, "On letters that you have not seen, your list does no better than the first one."
### END HIDDEN TESTS

# %% [markdown]
# ## A model that learns
# Nobody writes rules for this one. It looks at the 600 past letters and counts: *in how many letters to each team did this
# word stand?* That is all its training. To route a new letter it adds up what each word says for each team, and takes the
# team with the most.
#
# Run the cell. Then change `600` to `30` in the line that begins with `model = learn`, run it again, and see what
# fewer examples do. Put 600 back.

# %%
def words(text):
    return sorted(set(re.findall(r"[a-z']+", text.lower())))


def learn(examples):
    size = Counter(example["team"] for example in examples)
    seen = {team: Counter() for team in TEAMS}
    for example in examples:
        seen[example["team"]].update(words(example["message"]))
    return size, seen


def learned(text, model):
    size, seen = model
    known = [word for word in words(text) if any(seen[team][word] for team in TEAMS)]

    def points(team):
        share = math.log((size[team] + 0.5) / sum(size.values()))
        return share + sum(math.log((seen[team][word] + 0.5) / (size[team] + 1)) for word in known)

    return max(TEAMS, key=points)


model = learn(past[:600])
right = sum(learned(letter["message"], model) == letter["team"] for letter in letters)
print("The learned model is right for", right, "of 20 letters.")

# %% [markdown]
# Look at letter 9: *"A car blocks our lane, so nobody has taken the recycling for two weeks."* The model does not know what
# a car does to a bin lorry. It has only seen which words come with which team. Letter 18 has hardly a word that tells.
# It got letter 12 right without knowing what a ceiling is: the word *flat* was enough.
#
# ## 3. What only people got right (2 points)
# The next cell puts three answers beside each letter: `rules` (Amina's list), `learned`, and `person`. Its function shows
# how to collect the letters that the rules got wrong.

# %%
for letter in letters:
    small = letter["message"].lower()
    letter["rules"] = next((team for word, team in AMINAS_RULES if word in small), "a person")
    letter["learned"] = learned(letter["message"], model)


def rules_were_wrong(letters):
    found = []
    for letter in letters:
        if letter["rules"] != letter["team"]:
            found.append(letter["number"])
    return found


print(rules_were_wrong(letters))

# %% [markdown]
# Write `only_people(letters)`. It gives back the list of numbers of the letters for which the **person** was right, and the
# rules **and** the learned model were not. An answer `"a person"` from the rules is not a right answer: they did not find
# the team.
#
# Copy the inside of `rules_were_wrong` and change the line that begins with `if`. `==` means "is equal to", `!=` means "is
# not equal to", and `and` joins conditions.
#
# <details><summary>Hint 1</summary>You need three comparisons, each with <code>letter["team"]</code>: that is the right
# answer.
# <details><summary>Hint 2</summary>The person: <code>==</code>. The rules and the model: <code>!=</code>. Join them with
# <code>and</code>.
# <details><summary>Hint 3</summary><code>if letter["person"] == letter["team"] and letter["rules"] != letter["team"] and
# ...</code> and the same for <code>letter["learned"]</code>, with a colon at the end.</details></details></details>

# %% task="only_people"
def only_people(letters):
    ### BEGIN SOLUTION
    found = []
    for letter in letters:
        team = letter["team"]
        if letter["person"] == team and letter["rules"] != team and letter["learned"] != team:
            found.append(letter["number"])
    return found
    ### END SOLUTION

# %% test="test_only_people" points=2 title="What only people got right" hidden_message="The function must work for any letters, keep their order, and compare each answer with the right team."
_t = [
    {"number": 1, "team": "waste", "person": "waste", "rules": "waste", "learned": "parking"},
    {"number": 2, "team": "housing", "person": "housing", "rules": "waste", "learned": "parking"},
    {"number": 3, "team": "registry", "person": "parking", "rules": "waste", "learned": "waste"},
    {"number": 4, "team": "benefits", "person": "benefits", "rules": "a person", "learned": "housing"},
    {"number": 5, "team": "parking", "person": "parking", "rules": "a person", "learned": "parking"},
    {"number": 6, "team": "council tax", "person": "registry", "rules": "council tax", "learned": "council tax"},
]
_o = only_people(_t)
assert _o is not None, "only_people gave back nothing. Is the line with return there, outside the loop?"
assert isinstance(_o, list), f"Give back a list of letter numbers, not {_o!r}. We want to know WHICH letters, not how many."
assert 6 not in _o, (
    "Letter 6 is in your list. There the person gave another answer than the machines, and the PERSON was wrong. "
    "To differ is not to be right: compare each answer with letter['team'].")
assert 3 not in _o, (
    "Letter 3 is in your list, but there the person was wrong too. Also ask that the person's answer is the right team.")
assert 1 not in _o and 5 not in _o, (
    "Letter 1 or 5 is in your list, but there one of the machines was right. The rules AND the model must be wrong: "
    "join the conditions with and.")
assert 4 in _o, (
    "Letter 4 is missing. The rules said 'a person': they did not find the team, so that does not count as right.")
assert _o == [2, 4], f"Only people got letters 2 and 4 right. You gave back {_o}."
### BEGIN HIDDEN TESTS
assert only_people([]) == [], "With no letters the list is empty."
_h = [
    {"number": 9, "team": "parking", "person": "parking", "rules": "waste", "learned": "waste"},
    {"number": 7, "team": "waste", "person": "housing", "rules": "parking", "learned": "parking"},
    {"number": 8, "team": "housing", "person": "housing", "rules": "a person", "learned": "registry"},
    {"number": 3, "team": "registry", "person": "registry", "rules": "registry", "learned": "registry"},
    {"number": 2, "team": "benefits", "person": "benefits", "rules": "housing", "learned": "benefits"},
    {"number": 6, "team": "registry", "person": "registry", "rules": "waste", "learned": "council tax"},
]
assert only_people(_h) == [9, 8, 6], "The list is wrong for letters that you have not seen."
### END HIDDEN TESTS

# %%
# Put it together (not marked): which letters did only people get right, and who was right how often?
if only_people(letters) is not None:
    for letter in letters:
        if letter["number"] in only_people(letters):
            print(letter["number"], letter["message"])
    for who in ("rules", "learned", "person"):
        print(who, "right for", sum(letter[who] == letter["team"] for letter in letters), "of 20")

# %% [markdown]
# ## What will you tell Amina?
# You have seen three ways to be right and three ways to be wrong. Before you go on, answer for yourself:
#
# - Amina's rules sent 13 letters to a person and 3 to a wrong team. The model asked nobody, and sent 6 to a wrong team. Which
#   costs more? And which cost does Amina see?
# - The officer sent letter 17 to registry, although it was about a bill. The model got it right. People are not the truth: they
#   are the third way.
# - Would you use one way for all letters, or a chain: rules first, then the model, and a person where both are unsure?
#
# These letters are invented. The past letters are put together from a few phrases, so a model has an easier life here than in a
# real post room.
