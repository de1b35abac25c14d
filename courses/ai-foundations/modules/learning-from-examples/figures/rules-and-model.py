"""Seven letters of the two lessons, sorted by the list of rules and by the model that counted eight letters."""

import re

import matplotlib.pyplot as plt

RULES = [("bin", "waste"), ("parking", "parking"), ("rent", "housing"), ("tax", "council tax")]
EXAMPLES = [
    ("bin not emptied", "waste"), ("bin broken please help", "waste"),
    ("recycling not collected please help", "waste"), ("sofa in the lane", "waste"),
    ("boiler broken", "housing"), ("damp in the bedroom please help", "housing"),
    ("repair not done please help", "housing"), ("flat is damp", "housing"),
]
LETTERS = [
    ("bin not emptied", "waste", "My bin was not emptied on Tuesday."),
    ("tax, lives alone", "council tax", "Since my husband moved out I live alone. Is my council tax still right?"),
    ("sofa in our lane", "waste", "Somebody left a sofa in our lane."),
    ("damp wall", "housing", "There is damp on my wall, please help"),
    ("daughter born", "registry", "My daughter was born on Sunday"),
    ("school meals", "benefits", "I am a lone parent. Can my son get free school meals?"),
    ("no heating", "housing",
     "Last year it was my bin and my parking fine. Today it is this: no heating since Sunday."),
]
LOOK = {"right": ("o", "#00703c"), "asks a person": ("s", "#505a5f"), "wrong": ("X", "#d4351c")}


def by_rules(letter):
    """The team of the first rule that fits; with none a person is asked."""
    return next((team for word, team in RULES if word in letter.lower()), "a person")


def by_model(letter):
    """The team that the words speak for. With no word that it knows it answers all the same: waste."""
    words = re.findall("[a-z]+", letter.lower())
    count = lambda word, team: sum(word in text.split() for text, label in EXAMPLES if label == team)
    for_waste = sum(count(word, "waste") - count(word, "housing") for word in words)
    return "waste" if for_waste >= 0 else "housing"


def outcome(answer, team):
    return "asks a person" if answer == "a person" else "right" if answer == team else "wrong"


figure, panel = plt.subplots()
for row, (name, team, letter) in enumerate(LETTERS):
    for column, answer in enumerate([by_rules(letter), by_model(letter)]):
        said = outcome(answer, team)
        marker, colour = LOOK[said]
        panel.plot(column, row, marker=marker, markersize=11, color=colour)
        panel.text(column + 0.12, row, said, va="center", color=colour, weight="bold" if said == "wrong" else "normal")
panel.set(xlim=(-0.2, 1.9), ylim=(6.6, -0.6), yticks=range(7), yticklabels=[name for name, _, _ in LETTERS])
panel.set(xticks=[0.2, 1.2], xticklabels=["your rules", "the model"])
panel.xaxis.tick_top()
panel.tick_params(length=0)
for spine in panel.spines.values():
    spine.set_visible(False)
for row in range(6):
    panel.axhline(row + 0.5, color="#b1b4b6", linewidth=1)
panel.set_title("Only the rules ask a person", pad=26)
figure.set_size_inches(5, 4)
