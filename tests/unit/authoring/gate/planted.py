"""A small course that passes the gate, and the same with one mistake planted in it."""

from dataclasses import dataclass, field
from pathlib import Path

from tests.unit.catalogue.small_course import BASICS, COURSE, DATA_SHA256, write_library
from tests.unit.catalogue.small_course import FILES as SMALL

COURSE_YML, MODULE_YML = f"{COURSE}/course.yml", f"{BASICS}/module.yml"
LESSON, QUIZ, DOUBLE = f"{BASICS}/sharing.md", f"{BASICS}/check.quiz.md", f"{BASICS}/double"
SCRIPT, EXERCISE_YML, SHEET = f"{DOUBLE}/exercise.py", f"{DOUBLE}/exercise.yml", f"{DOUBLE}/data/DATASHEET.md"
CSV = f"{DOUBLE}/data/pots.csv"
ADDS, EIGHT, PRINTS = (f"{DOUBLE}/wrong/{name}.py" for name in ("adds", "eight", "prints"))
ASIDE = "You pour the tea and count the cups. Then you see who has none, and you share what is left in the pot."
_CELL = '# %% task="double"\ndef double(cups):\n'
FILES = {
    **SMALL,
    LESSON: SMALL[LESSON] + f"\n\n{ASIDE}" * 24 + "\n",
    QUIZ: SMALL[QUIZ].replace("[fairness@awareness]", "[fairness@awareness, brewing@awareness]"),
    SHEET: f"# Pots\n\nOrigin: made up for pots.csv. Licence: CC BY 4.0. SHA-256: {DATA_SHA256}\n",
    EIGHT: "# expect: test_double | It must work for every number | 0\n\n" + _CELL + "    return 8\n",
    PRINTS: "# expect: test_double | Two pots of four are 8 | 0\n\n" + _CELL + "    print(2 * cups)\n",
}
_HIDDEN_TEST = 'assert double(7) == 14, "Two pots of seven are 14."'
_SECOND = "# %% [markdown]\n# ## 2. Advise the host"


@dataclass(frozen=True)
class Planted:
    """One mistake: the passage exchanged, and where it must be found, with how the finding begins.

    `at` is text of the line on which it must be found; "" is the first line.
    """

    file: str
    old: str
    new: str
    found_in: str
    at: str
    problem: str
    course: dict[str, str] = field(default_factory=lambda: FILES)

    def files(self) -> dict[str, str]:
        """The course with the mistake in it."""
        assert self.course[self.file].count(self.old) == 1, f"{self.old!r} must be in {self.file} once"
        return {**self.course, self.file: self.course[self.file].replace(self.old, self.new)}

    def place(self) -> tuple[str, int]:
        """The file and line on which it must be found."""
        lines = self.files()[self.found_in].splitlines() if self.at else []
        return self.found_in, next((number for number, line in enumerate(lines, 1) if self.at in line), 1)


def write(root: Path, files: dict[str, str] | None = None) -> Path:
    """The course without a mistake, or these files, below `root`."""
    return write_library(root, files=FILES if files is None else files)


# Found by reading alone.
IN_FILES = {
    "unknown key": Planted(COURSE_YML, "title: Tea", "titel: Tea", COURSE_YML, "titel", "The key 'titel'"),
    "image without alternative text": Planted(
        LESSON, "## A pot for four", "![](pot.png)", LESSON, "![]", "An image has no alternative text."),
    "link to nowhere": Planted(
        LESSON, "https://example.org/tea", "brewing.md", LESSON, "brewing.md", "The link to brewing.md leads nowhere."),
    "link that is not encrypted": Planted(
        LESSON, "https://example", "http://example", LESSON, "http://",
        "The link to http://example.org/tea is not encrypted."),
    "link that is not well formed": Planted(
        LESSON, "https://example.org/tea", "https:/example/tea", LESSON, "https:/e",
        "The link to https:/example/tea is not well formed."),
    "link of a quiz that is not well formed": Planted(
        QUIZ, "That is coffee.", "[That](https://coffee) is coffee.", QUIZ, "https://coffee",
        "The link to https://coffee is not well formed."),
    "link of an exercise that is not encrypted": Planted(
        SCRIPT, "# Write a function.", "# Write a [function](http://python.example/).", SCRIPT, "http://",
        "The link to http://python.example/ is not encrypted."),
    "skill misspelt": Planted(QUIZ, "[fairness@", "[fairnes@", QUIZ, "fairnes@", "The skill 'fairnes' is not known."),
    "option without feedback": Planted(
        QUIZ, "- [ ] Mocha\n  > That is coffee.", "- [ ] Mocha", QUIZ, "Mocha", "This answer has no feedback."),
    "quiz that earns a skill for too few right answers": Planted(
        QUIZ, "pass: 0.8", "pass: 0.79", QUIZ, "pass:",
        "The quiz earns a skill, and 0.79 of its questions are enough to pass."),
    "quiz that earns too much": Planted(
        QUIZ, "[fairness@awareness,", "[fairness@working,", QUIZ, "skills:", "A quiz cannot earn fairness@working."),
    "exercise that earns too much": Planted(
        SCRIPT, f"### BEGIN HIDDEN TESTS\n{_HIDDEN_TEST}\n### END HIDDEN TESTS\n", "", SCRIPT, "hidden_message",
        "hidden_message= needs hidden tests."),
    "item that no list names": Planted(
        MODULE_YML, "[sharing, check, double]", "[check, double]", LESSON, "", "module.yml does not name this."),
    "promise that nothing keeps": Planted(
        COURSE_YML, "[fairness@working]", "[fairness@working, brewing@working]", COURSE_YML, "skills:",
        "No item of the course earns brewing@working."),
    "skill that nothing earns": Planted(
        "skills.yml", "  - id: brewing", "  - id: washing\n    name: Washing up\n    levels:\n"
        "      awareness: You can rinse.\n      working: You can wash.\n      practitioner: You can dry.\n"
        "  - id: brewing",
        "skills.yml", "id: washing", "Nothing earns the skill 'washing'."),
    "skill that no question asks for": Planted(
        QUIZ, "who-is-left  {skill=fairness@", "who-is-left  {skill=brewing@", QUIZ, "skills:",
        "The quiz earns fairness, but none of its questions is about it."),
    "data file changed": Planted(
        CSV, "brown,4", "brown,5", EXERCISE_YML, "pots.csv", "pots.csv is not the file that was described here."),
    "data that is not described": Planted(
        SHEET, DATA_SHA256, "unknown", SHEET, "", "pots.csv is not in the data sheet."),
    "data file without a description": Planted(
        SHEET, "made up for pots.csv", "made up", SHEET, "", "The data sheet does not describe pots.csv."),
    "data without a licence": Planted(SHEET, "Licence: CC BY 4.0. ", "", SHEET, "", "The data sheet names no licence."),
    "data without an origin": Planted(SHEET, "Origin: m", "M", SHEET, "", "The data sheet names no origin."),
    "lesson that takes longer than it says": Planted(
        LESSON, "minutes: 5", "minutes: 2", LESSON, "minutes", "The lesson has "),
    "lesson without an objective": Planted(
        LESSON, "::: objectives\n- You can share a pot.\n:::\n", "", LESSON, "", "The lesson names no objective."),
    "assert that is always true": Planted(
        SCRIPT, 'double(4) == 8, "Two pots of four are 8."', '(double(4) == 8, "Two pots of four are 8.")',
        SCRIPT, "assert (double", "This assert has brackets around"),
    "line for learners that leaks a value": Planted(
        SCRIPT, "for every number of cups", "for 7 cups too", SCRIPT, 'test="test_double"',
        "The line for learners of 'test_double' gives a value of its hidden tests away: 7."),
    "solution in the release": Planted(
        SCRIPT, "# Write a function.", "# Write a function, such as `return 2 * cups`.", SCRIPT, "such as",
        "The solution of 'double' stands in a cell that learners get."),
    "check that no wrong answer meets": Planted(
        SCRIPT, _SECOND, f'# %% test="test_none" points=2\nassert double(0) == 0, "No pots."\n\n{_SECOND}',
        SCRIPT, 'test="test_none"', "No wrong answer shows what 'test_none' catches."),
    "wrong answer that passes": Planted(
        ADDS, "| 0", "| 3.9", ADDS, "", "This wrong answer keeps 3.9 of 4 points and passes."),
    "wrong answer to no task": Planted(
        ADDS, 'task="double"', 'task="triple"', ADDS, "triple", "There is no task 'triple'."),
}  # fmt: skip

# Found by the marking engine.
BY_MARKING = {
    "wrong solution": Planted(
        SCRIPT, "return 2 * cups", "return 3 * cups", SCRIPT, 'test="test_double"',
        "The solution loses points of 'test_double': Two pots of four are 8."),
    "check that an untouched notebook passes": Planted(
        SCRIPT, _SECOND, f'# %% test="test_there" points=2\nassert callable(double), "It is gone."\n\n{_SECOND}',
        SCRIPT, 'test="test_there"', "The untouched notebook gets 2 points of 'test_there'."),
    "wrong answer that is right": Planted(
        ADDS, "2 + cups", "cups + cups", ADDS, "",
        "This wrong answer should lose 'test_double' alone. It loses: none."),
    "wrong answer that meets other words": Planted(
        ADDS, "Two pots of four are 8 |", "You added |", ADDS, "",
        "The words 'You added' are not in what learners read: Two pots of four are 8."),
    "wrong answer with other points": Planted(
        ADDS, "| 0", "| 1", ADDS, "", "This wrong answer keeps 0 points, and its first line says 1."),
    "hidden tests that ask nothing new": Planted(
        SCRIPT, "assert double(7) == 14", "assert double(4) == 8 and double(4) > 3", SCRIPT, 'test="test_double"',
        "'test_double' gives full marks to "),
    "check that depends on chance": Planted(
        SCRIPT, "assert double(4) == 8, ", "import random\nassert double(4) == 8 and random.random() < 0.5, ",
        SCRIPT, 'test="test_double"', "'test_double' marks the answer 'solution' otherwise the second time."),
    "exercise whose own cell fails": Planted(
        SCRIPT, '# %% task="double"', '# %%\nmissing_name\n\n# %% task="double"', SCRIPT, "",
        "The answer 'solution' cannot be marked: "),
}  # fmt: skip
