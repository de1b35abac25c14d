"""The small course with one passage changed: what an author did wrong, and every word they read about it."""

from tests.unit.catalogue.small_course import BASICS, COURSE, DATA_SHA256, FILES

COURSE_YML, MODULE_YML = f"{COURSE}/course.yml", f"{BASICS}/module.yml"
LESSON, QUIZ = f"{BASICS}/sharing.md", f"{BASICS}/check.quiz.md"
DOUBLE = f"{BASICS}/double"
SCRIPT, EXERCISE_YML, RUBRIC = f"{DOUBLE}/exercise.py", f"{DOUBLE}/exercise.yml", f"{DOUBLE}/rubric.yml"
CSV, DATASHEET, WRONG = f"{DOUBLE}/data/pots.csv", f"{DOUBLE}/data/DATASHEET.md", f"{DOUBLE}/wrong/adds.py"

# (file to change, old passage, new passage, file of the mistake, its line, problem, cure)
ONE_CHANGE = {
    "unknown key": (
        COURSE_YML, "title: Tea", "titel: Tea", [
            (COURSE_YML, 1, "A key is missing: 'title'.", "Add it."),
            (COURSE_YML, 2, "The key 'titel' is not known here.", "Did you mean 'title'?"),
        ],
    ),
    "key with no near name": (
        MODULE_YML, "summary: One", "colour: brown\nsummary: One", [
            (MODULE_YML, 2, "The key 'colour' is not known here.",
             "Use only these keys: title, summary, objectives, prerequisites, items."),
        ],
    ),
    "key twice": (
        COURSE_YML, "language: en-GB", "language: en-GB\nlanguage: cy", [
            (COURSE_YML, 6, "The key 'language' is given twice.", "Keep one of them."),
        ],
    ),
    "no YAML": (
        COURSE_YML, "summary: Share", "summary: Tea: share", [
            (COURSE_YML, 3, "This is not valid YAML: mapping values are not allowed here.",
             "Put text that contains a colon, a # or a bracket in quotes, and indent with spaces."),
        ],
    ),
    "YAML alias": (
        COURSE_YML, "title: Tea for teams\nsummary: Share a pot fairly.", "title: &t Tea\nsummary: *t", [
            (COURSE_YML, 3, "This YAML uses an alias (*name).", "Write the value out in full."),
        ],
    ),
    "impossible date": (
        COURSE_YML, "summary: Share a pot fairly.", "summary: 2026-13-45", [
            (COURSE_YML, 1, "This YAML cannot be read: month must be in 1..12.",
             "Put dates and numbers in quotes to keep them as text."),
        ],
    ),
    "number for text": (
        COURSE_YML, "version: 1.0.0", "version: 1.0", [
            (COURSE_YML, 4, "The value of 'version' is not text.", "Put it in quotes."),
        ],
    ),
    "text for number": (
        LESSON, "minutes: 5", "minutes: five", [
            (LESSON, 3, "The value of 'minutes' is not a whole number.", "Give a whole number."),
        ],
    ),
    "version of two numbers": (
        COURSE_YML, "version: 1.0.0", 'version: "1.0"', [
            (COURSE_YML, 4, "The value of 'version' does not fit.", "Write three numbers with dots, such as 1.0.0."),
        ],
    ),
    "no minutes": (
        LESSON, "minutes: 5", "minutes: 0", [
            (LESSON, 3, "The value of 'minutes' does not fit.",
             "Give the minutes that a learner needs, from 1 to 480."),
        ],
    ),
    "empty list": (
        MODULE_YML, "items: [sharing, check, double]", "items: []", [
            (MODULE_YML, 5, "'items' has the wrong number of entries: 0.", "Give at least 1."),
        ],
    ),
    "item twice": (
        MODULE_YML, "items: [sharing, check, double]", "items: [sharing, check, double, check]", [
            (MODULE_YML, 5, "The value of 'items' does not fit.", "Name each entry once."),
        ],
    ),
    "principle that is none": (
        COURSE_YML, "skills: [fair", "principles:\n  - 2\n  - 11\nskills: [fair", [
            (COURSE_YML, 10, "The value of 'principles' number 2 does not fit.", "Give a whole number from 1 to 10."),
        ],
    ),
    "principle before the first": (
        COURSE_YML, "skills: [fair", "principles: [0]\nskills: [fair", [
            (COURSE_YML, 8, "The value of 'principles' number 1 does not fit.", "Give a whole number from 1 to 10."),
        ],
    ),
    "principle in words": (
        COURSE_YML, "skills: [fair", "principles: [openness]\nskills: [fair", [
            (COURSE_YML, 8, "The value of 'principles' number 1 is not a whole number.", "Give a whole number."),
        ],
    ),
    "principle twice": (
        COURSE_YML, "skills: [fair", "principles: [2, 4, 2]\nskills: [fair", [
            (COURSE_YML, 8, "The value of 'principles' does not fit.", "Name each entry once."),
        ],
    ),
    "no principle": (
        COURSE_YML, "skills: [fair", "principles: []\nskills: [fair", [
            (COURSE_YML, 8, "'principles' has the wrong number of entries: 0.", "Give at least 1."),
        ],
    ),
    "unknown skill before a module": (
        MODULE_YML, "items: [", "prerequisites:\n  - brewing@working\n  - pouring@awareness\nitems: [", [
            (MODULE_YML, 7, "The skill 'pouring' is not known.",
             "Use one of brewing, fairness in skills.yml, or add it there."),
        ],
    ),
    "unknown level before a module": (
        MODULE_YML, "items: [", "prerequisites: [brewing@expert]\nitems: [", [
            (MODULE_YML, 5, "The value of 'prerequisites' number 1 does not fit.",
             "Write skill@level, such as fairness@working. The levels are awareness, working, practitioner."),
        ],
    ),
    "skill before a module without a level": (
        MODULE_YML, "items: [", "prerequisites: [brewing]\nitems: [", [
            (MODULE_YML, 5, "The value of 'prerequisites' number 1 does not fit.",
             "Write skill@level, such as fairness@working. The levels are awareness, working, practitioner."),
        ],
    ),
    "skill at two levels before a module": (
        MODULE_YML, "items: [", "prerequisites:\n  - brewing@awareness\n  - brewing@working\nitems: [", [
            (MODULE_YML, 7, "The skill 'brewing' is there twice.", "Keep the higher level: it holds the lower."),
        ],
    ),
    "id and folder differ": (
        COURSE_YML, "id: tea-for-teams", "id: coffee", [
            (COURSE_YML, 1, "The id is 'coffee', but the folder is 'tea-for-teams'.", "Give both the same name."),
        ],
    ),
    "module without a folder": (
        COURSE_YML, "modules: [basics]", "modules:\n  - basics\n  - brewing", [
            (COURSE_YML, 11, "There is no folder modules/brewing.",
             "Add the folder with a module.yml in it, or take the name out."),
        ],
    ),
    "item without a file": (
        MODULE_YML, "items: [sharing, check, double]", "items:\n  - sharing\n  - check\n  - double\n  - pouring", [
            (MODULE_YML, 9, "There is no item 'pouring'.",
             "Add pouring.md, pouring.quiz.md, pouring.reflection.md, pouring.workshop.md or a folder pouring, "
             "or take the name out."),
        ],
    ),
    "file that no list names": (
        MODULE_YML, "items: [sharing, check, double]", "items: [check, double]", [
            (LESSON, 1, "module.yml does not name this.",
             "Add sharing to the list in module.yml, or begin the file's name with an underscore."),
        ],
    ),
    "unknown skill": (
        QUIZ, "skills: [fairness@awareness]", "skills: [fairnes@awareness]", [
            (QUIZ, 4, "The skill 'fairnes' is not known.",
             "Use one of brewing, fairness in skills.yml, or add it there."),
        ],
    ),
    "unknown level": (
        QUIZ, "skills: [fairness@awareness]", "skills: [fairness@guru]", [
            (QUIZ, 4, "The value of 'skills' number 1 does not fit.",
             "Write skill@level, such as fairness@working. The levels are awareness, working, practitioner."),
        ],
    ),
    "quiz above awareness": (
        QUIZ, "skills: [fairness@awareness]", "skills: [fairness@working]", [
            (QUIZ, 4, "A quiz cannot earn fairness@working.", "Lower it to fairness@awareness."),
        ],
    ),
    "promise that nothing keeps": (
        COURSE_YML, "skills: [fairness@working]", "skills: [fairness@working, brewing@working]", [
            (COURSE_YML, 8, "No item of the course earns brewing@working.",
             "Add it to the skills of a quiz, an exercise or a reflection, or take it out here."),
        ],
    ),
    "lesson without front matter": (
        LESSON, "---\ntitle: Sharing a pot\nminutes: 5\n---\n", "", [
            (LESSON, 1, "The block with title: and minutes: is missing.",
             "Begin the file with a line ---, then title: and minutes:, then a line ---."),
        ],
    ),
    "front matter with a colon": (
        QUIZ, 'title: "Check: sharing"', "title: Check: sharing", [
            (QUIZ, 2, "This is not valid YAML: mapping values are not allowed here.",
             "Put text that contains a colon, a # or a bracket in quotes, and indent with spaces."),
        ],
    ),
    "unknown fence": (
        LESSON, "::: objectives", "::: objctives", [
            (LESSON, 6, "The fence ::: objctives is not known.",
             "Use one of: objectives, challenge, solution, keypoints."),
        ],
    ),
    "part for a trainer in a lesson": (
        LESSON, "::: objectives", "::: trainer", [
            (LESSON, 6, "Only a workshop has parts for its trainer.",
             "Move it into a workshop kit (name.workshop.md): whoever reads this has no trainer beside them."),
        ],
    ),
    "fence that is not closed": (
        LESSON, "One person.\n:::\n::::\n", "One person.\n", [
            (LESSON, 14, "This fence is not closed.", "Add a line with :::: where it ends."),
            (LESSON, 17, "This fence is not closed.", "Add a line with ::: where it ends."),
        ],
    ),
    "fence that closes nothing": (
        LESSON, "## A pot for four", ":::\n\n## A pot for four", [
            (LESSON, 10, "This ::: closes nothing.", "Take it out, or open a fence above it."),
        ],
    ),
    "fence inside one of equal colons": (
        LESSON, ":::: challenge Who is left out?", "::: challenge Who is left out?", [
            (LESSON, 17, "A fence inside another has as many colons.",
             "Give the outer fence one colon more, at its beginning and its end."),
        ],
    ),
    "heading that takes the title's place": (
        LESSON, "## A pot for four", "# A pot for four", [
            (LESSON, 10, "A heading begins with a single #.", "Begin with ##: the title of the page is above it."),
        ],
    ),
    "image without alternative text": (
        LESSON, "Four people", "![](pot.png) Four people", [
            (LESSON, 12, "An image has no alternative text.",
             "Say in the square brackets what it shows: ![text](file)."),
            (LESSON, 12, "An image stands among other words.", "Give it a paragraph of its own."),
        ],
    ),
    "image": (
        LESSON, "Four people", "![A pot](pot.png) Four people", [
            (LESSON, 12, "An image stands among other words.", "Give it a paragraph of its own."),
            (LESSON, 12, "The image pot.png is no figure of this module.",
             "Write ![what it shows](figures/name.svg), with small letters, numbers and hyphens in the name."),
        ],
    ),
    "link that runs": (
        LESSON, "https://example.org/tea", "javascript:alert(1)", [
            (LESSON, 12, "The link to javascript:alert(1) leads nowhere.", "Begin it with https://."),
        ],
    ),
    "link to a file": (
        LESSON, "https://example.org/tea", "check.quiz.md", [
            (LESSON, 12, "The link to check.quiz.md leads nowhere.", "Begin it with https://."),
        ],
    ),
    "script": (
        LESSON, "Four people", "<script>alert(1)</script>\n\nFour people", [
            (LESSON, 12, "The HTML tag <script> is not allowed.", "Write it in Markdown."),
        ],
    ),
    "event handler": (
        LESSON, "Four people", '<b onclick="alert(1)">Four</b> people', [
            (LESSON, 12, "The HTML attribute onclick is not allowed.", "Take it out."),
        ],
    ),
    "HTML image": (
        LESSON, "Four people", '<img src="pot.png"> Four people', [
            (LESSON, 12, "An image is written as HTML.", "Write it as ![what it shows](file)."),
        ],
    ),
    "HTML link that runs": (
        LESSON, "Four people", '<a href="javascript:alert(1)">Four</a> people', [
            (LESSON, 12, "The link to javascript:alert(1) leads nowhere.", "Begin it with https://."),
        ],
    ),
    "no right answer": (
        QUIZ, "- (x) One person", "- ( ) One person", [
            (QUIZ, 8, "0 answers are marked (x).", "Mark exactly one, or use [x] for several."),
        ],
    ),
    "two right answers": (
        QUIZ, "- ( ) Nobody\n  > Count the *people*. {misconception=counts-cups}", "- (x) Nobody\n  > Yes.", [
            (QUIZ, 8, "2 answers are marked (x).", "Mark exactly one, or use [x] for several."),
        ],
    ),
    "nothing right among several": (
        QUIZ, "- [x] Assam", "- [ ] Assam", [
            (QUIZ, 18, "No answer is marked [x].", "Mark at least one."),
        ],
    ),
    "kinds mixed": (
        QUIZ, "- [ ] Mocha", "- ( ) Mocha", [
            (QUIZ, 18, "This question mixes kinds of answers.",
             "Use only ( ), only [ ], only numbers, or only steps."),
        ],
    ),
    "one answer": (
        QUIZ, "- [ ] Mocha\n  > That is coffee.\n", "", [
            (QUIZ, 18, "This question has only one answer.", "Give at least two."),
        ],
    ),
    "same answer twice": (
        QUIZ, "- [ ] Mocha", "- [ ] Assam", [
            (QUIZ, 18, "Two answers have the same text.", "Make each answer different."),
        ],
    ),
    "no answers": (
        QUIZ, "- [x] Assam\n  > Yes.\n- [ ] Mocha\n  > That is coffee.\n", "", [
            (QUIZ, 18, "This question has no answers.",
             "Add them: - (x) text, - [x] text, = number, or numbered steps."),
        ],
    ),
    "answer without feedback": (
        QUIZ, "- [ ] Mocha\n  > That is coffee.", "- [ ] Mocha", [
            (QUIZ, 23, "This answer has no feedback.", "Say under it, after >, why it is right or wrong."),
        ],
    ),
    "step without feedback": (
        QUIZ, "3. Drink\n   > Last of all.\n", "3. Drink\n", [
            (QUIZ, 44, "This answer has no feedback.", "Say under it, after >, why it is right or wrong."),
        ],
    ),
    "misconception of a right answer": (
        QUIZ, "  > Yes: 4 - 3.", "  > Yes: 4 - 3. {misconception=none}", [
            (QUIZ, 13, "A right answer has a misconception.", "Take {misconception=...} out."),
        ],
    ),
    "misspelt misconception": (
        QUIZ, "{misconception=adds}", "{misconcepcion=adds}", [
            (QUIZ, 31, "The curly brackets of this feedback are not understood.",
             "Write it as {misconception=small-letters-and-hyphens}."),
        ],
    ),
    "number without its answer": (
        QUIZ, "= 8 +- 0.5\n  > Yes: two times four.\n", "", [
            (QUIZ, 26, "A number question needs one = line and one ! other line.",
             "Add what is missing, or take one out."),
        ],
    ),
    "number without the rest": (
        QUIZ, "! other\n  > Multiply pots\n  > by cups.\n", "", [
            (QUIZ, 26, "A number question needs one = line and one ! other line.",
             "Add what is missing, or take one out."),
        ],
    ),
    "feedback without an answer": (
        QUIZ, "Which of these are tea?\n", "> Yes.\n\nWhich of these are tea?\n", [
            (QUIZ, 19, "This feedback has no answer above it.", "Put it under the answer it belongs to."),
        ],
    ),
    "line between answers": (
        QUIZ, "- [ ] Mocha", "And also:\n- [ ] Mocha", [
            (QUIZ, 23, "This line is neither an answer nor feedback.",
             "Begin feedback with >, or move the line above the answers."),
        ],
    ),
    "text above the questions": (
        QUIZ, "## who-is-left", "Good luck!\n\n## who-is-left", [
            (QUIZ, 8, "There is text above the first question.", "Begin with a line ## question-id."),
        ],
    ),
    "question without text": (
        QUIZ, "Which of these are tea?\n", "", [
            (QUIZ, 18, "The question 'what-is-tea' has no text.", "Write the question under its heading."),
        ],
    ),
    "question without a skill": (
        QUIZ, "## what-is-tea  {skill=brewing@awareness}", "## what-is-tea", [
            (QUIZ, 18, "The question 'what-is-tea' names no skill.",
             "Add one to its heading: {skill=fairness@awareness}"),
        ],
    ),
    "question with an unknown attribute": (
        QUIZ, "## what-is-tea  {skill=brewing@awareness}", "## what-is-tea  {skill=brewing@awareness points=3}", [
            (QUIZ, 18, "The attribute 'points' is not known.", "Use skill= and type=order only."),
        ],
    ),
    "attribute without a value": (
        QUIZ, "## what-is-tea  {skill=brewing@awareness}", "## what-is-tea  {skill=brewing@awareness hard}", [
            (QUIZ, 18, "'hard' in curly brackets has no value.", "Write it as {name=value}."),
            (QUIZ, 18, "The attribute 'hard' is not known.", "Use skill= and type=order only."),
        ],
    ),
    "unknown type of question": (
        QUIZ, "type=order", "type=essay", [
            (QUIZ, 37, "The type of this question is not known.",
             "Write type=order, or no type: the answers show it."),
            (QUIZ, 37, "This question has no answers.",
             "Add them: - (x) text, - [x] text, = number, or numbered steps."),
            (QUIZ, 41, "This feedback has no answer above it.", "Put it under the answer it belongs to."),
            (QUIZ, 43, "This feedback has no answer above it.", "Put it under the answer it belongs to."),
            (QUIZ, 45, "This feedback has no answer above it.", "Put it under the answer it belongs to."),
        ],
    ),
    "question id with capitals": (
        QUIZ, "## what-is-tea", "## What is tea", [
            (QUIZ, 18, "The question id 'What is tea' has other signs.", "Use small letters, numbers and hyphens."),
        ],
    ),
    "question id twice": (
        QUIZ, "## what-is-tea", "## who-is-left", [
            (QUIZ, 18, "The question id 'who-is-left' is used twice.", "Give each question its own id."),
        ],
    ),
    "markup in feedback": (
        QUIZ, "  > That is coffee.", "  > That is <iframe></iframe> coffee.", [
            (QUIZ, 24, "The HTML tag <iframe> is not allowed.", "Write it in Markdown."),
        ],
    ),
    "script without points": (
        SCRIPT, 'test="test_double" points=4', 'test="test_double"', [
            (SCRIPT, 11, "The test cell 'test_double' has no points.",
             "Add a number above zero, like points=4."),
        ],
    ),
    "script with an open region": (
        SCRIPT, "    ### END SOLUTION\n", "", [
            (SCRIPT, 7, "BEGIN SOLUTION has no end.", "Write END SOLUTION below it."),
        ],
    ),
    "hidden tests without a line for learners": (
        SCRIPT, ' hidden_message="It must work for every number of cups."', "", [
            (SCRIPT, 11, "This cell has hidden tests, but no line for learners.",
             'Add hidden_message="..." to its # %% line: one sentence that gives no expected value away.'),
        ],
    ),
    "test that only works inside the learner's process": (
        SCRIPT, "### BEGIN HIDDEN TESTS\n", "### BEGIN HIDDEN TESTS\n%time double(3)\n", [
            (SCRIPT, 14, "The test uses a magic, a shell line or get_ipython, which belongs to the notebook session "
             "and not to Python.", "Write the test in plain Python."),
        ],
    ),
    "image in a notebook": (
        SCRIPT, "# Write a function.", "# Write a function.\n# ![](pot.png)", [
            (SCRIPT, 4, "An image has no alternative text.",
             "Say in the square brackets what it shows: ![text](file)."),
        ],
    ),
    "working level without hidden tests": (
        SCRIPT,
        FILES[SCRIPT],
        '# %% task="double"\ndef double(cups):\n    return 2 * cups\n\n'
        '# %% test="test_double" points=4\nassert double(4) == 8\n',
        [
            (EXERCISE_YML, 3, "fairness@working cannot be earned without hidden tests.",
             "Add a BEGIN HIDDEN TESTS region to exercise.py, or lower the level."),
            (RUBRIC, 1, "No person marks a check 'advice'.", "Use the name of a manual= cell in exercise.py."),
        ],
    ),
    "limit out of range": (
        EXERCISE_YML, "cell_seconds: 5", "cell_seconds: 5000", [
            (EXERCISE_YML, 6, "The value of 'limits' 'cell_seconds' does not fit.",
             "Give a whole number from 1 to 120."),
        ],
    ),
    "share above one": (
        EXERCISE_YML, "pass: 0.8", "pass: 80", [
            (EXERCISE_YML, 4, "The value of 'pass' does not fit.", "Give a share above 0 and up to 1, such as 0.8."),
        ],
    ),
    "data outside its folder": (
        EXERCISE_YML, "pots.csv:", "../pots.csv:", [
            (EXERCISE_YML, 8, "The value of 'data' '../pots.csv' does not fit.",
             "Name files with letters, numbers, dots, hyphens and underscores only."),
        ],
    ),
    "data that is not named": (
        EXERCISE_YML, f"data:\n  pots.csv: {DATA_SHA256}\n", "", [
            (CSV, 1, "exercise.yml does not name this file.",
             f"Add a line under data: in exercise.yml: pots.csv: {DATA_SHA256}"),
        ],
    ),
    "data that has changed": (
        CSV, "brown,4", "brown,5", [
            (EXERCISE_YML, 8, "pots.csv is not the file that was described here.",
             "If the change is meant, write "
             "d6dba46d6b794e05a8a8051b51292a8dc5e3123824acdf3137e0253be9f26d04 here and in DATASHEET.md, "
             "and raise the version."),
        ],
    ),
    "data that is not described": (
        DATASHEET, DATA_SHA256, "see exercise.yml", [
            (DATASHEET, 1, "pots.csv is not in the data sheet.",
             f"Add its SHA-256 to the data sheet: {DATA_SHA256}"),
        ],
    ),
    "rubric with another sum": (
        RUBRIC, "points: 2", "points: 3", [
            (RUBRIC, 1, "The criteria of 'advice' give 3 points, its cell 2.", "Make the two sums equal."),
        ],
    ),
    "rubric of another check": (
        RUBRIC, "advice:", "opinion:", [
            (RUBRIC, 1, "No person marks a check 'opinion'.", "Use the name of a manual= cell in exercise.py."),
            (RUBRIC, 1, "The check 'advice' is marked by a person, but has no criteria.", "Add them under advice:"),
        ],
    ),
    "rubric with four levels": (
        RUBRIC, "[None, A little, Some, Much, All]", "[None, A little, Some, Much]", [
            (RUBRIC, 7, "Number 1 'levels' has the wrong number of entries: 4.", "Give 5."),
        ],
    ),
    "wrong answer without its expectation": (
        WRONG, "# expect: test_double | Two pots of four are 8 | 0", "# adds the numbers", [
            (WRONG, 1, "The first line does not say what the tests should find.",
             "Write: # expect: name_of_the_check | words of its message | points that are left"),
        ],
    ),
    "wrong answer to no task": (
        WRONG, 'task="double"', 'task="triple"', [
            (WRONG, 3, "There is no task 'triple'.", "Use one of: double."),
        ],
    ),
    "wrong answer that fails no check": (
        WRONG, "test_double |", "test_triple |", [
            (WRONG, 1, "There is no check 'test_triple' with tests.", "Use one of: test_double."),
        ],
    ),
    "wrong answer with all points": (
        WRONG, "| 0", "| 4", [
            (WRONG, 1, "A wrong answer cannot keep all 4 points.",
             "Give the points that are left after the check fails."),
        ],
    ),
    "wrong answer without a task": (
        WRONG, '# %% task="double"\n', "", [
            (WRONG, 1, "No task is replaced.", 'Add a line # %% task="name" and the wrong code.'),
            (WRONG, 3, "This line belongs to no task.", 'Begin each replaced task with a line # %% task="name".'),
            (WRONG, 4, "This line belongs to no task.", 'Begin each replaced task with a line # %% task="name".'),
        ],
    ),
    "statement of another form": (
        "skills.yml", "You can brew a pot.", "Brews a pot.", [
            ("skills.yml", 12, "The value of 'levels' 'working' does not fit.", "Begin the sentence with: You can"),
        ],
    ),
    "skill that stands for none": (
        "skills.yml", "name: Brewing", "name: Brewing\n    same_as: Brewing!", [
            ("skills.yml", 10, "The value of number 2 'same_as' does not fit.",
             "Name a skill of a framework, such as gdad-data-ethics-and-privacy."),
        ],
    ),
    "skill that counts for no time": (
        "skills.yml", "name: Brewing", "name: Brewing\n    valid_months: 0", [
            ("skills.yml", 10, "The value of number 2 'valid_months' does not fit.",
             "Give a whole number from 1 to 120."),
        ],
    ),
    "skill twice": (
        "skills.yml", "id: brewing", "id: fairness", [
            ("skills.yml", 8, "The skill 'fairness' is there twice.", "Keep one of them."),
        ],
    ),
}  # fmt: skip
