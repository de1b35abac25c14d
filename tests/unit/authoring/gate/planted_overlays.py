"""The small course with an overlay that passes the gate, and the same with one mistake planted in the overlay."""

from functools import partial

from tests.unit.authoring.gate.planted import DOUBLE, EXERCISE_YML, FILES, QUIZ, SCRIPT
from tests.unit.authoring.gate.planted import Planted as PlantedIn
from tests.unit.catalogue.small_course import COURSE

OURS = "our-tea"
OVERLAY_YML = f"{OURS}/overlay.yml"


def ours(name: str) -> str:
    """Where the overlay has what the course has under this name."""
    return name.replace(f"{COURSE}/", f"{OURS}/", 1)


OVERLAID = {
    **FILES,
    OVERLAY_YML: f"course: {COURSE}\nover: 1.0.0\nedition: 1\n",
    ours(QUIZ): FILES[QUIZ].replace("Three cups, four people.", "Five cups, six people."),
    **{ours(name): text for name, text in FILES.items() if name.startswith(f"{DOUBLE}/")},
    ours(SCRIPT): FILES[SCRIPT]
    .replace("double(7) == 14", "double(9) == 18")
    .replace("of seven are 14", "of nine are 18"),
}
Planted = partial(PlantedIn, course=OVERLAID)

IN_OVERLAYS = {
    "unknown key of an overlay": Planted(
        OVERLAY_YML, "edition: 1", "editon: 1", OVERLAY_YML, "editon", "The key 'editon' is not known here."),
    "overlay over no course": Planted(
        OVERLAY_YML, f"course: {COURSE}", "course: coffee", OVERLAY_YML, "course",
        "There is no course 'coffee' for this overlay to lie over."),
    "overlay over another version": Planted(
        OVERLAY_YML, "over: 1.0.0", "over: 0.9.0", OVERLAY_YML, "over:",
        "The overlay lies over version 0.9.0, and the course is at 1.0.0."),
    "overlay with another title": Planted(
        ours(EXERCISE_YML), "title: Double", "title: Treble", ours(EXERCISE_YML), "title",
        "The overlay has other title than the course: Treble the pots, not Double the pots."),
    "overlay that takes longer": Planted(
        ours(QUIZ), "minutes: 3", "minutes: 4", ours(QUIZ), "",
        "The overlay has other minutes than the course: 4, not 3."),
    "overlay that is passed more easily": Planted(
        ours(EXERCISE_YML), "pass: 0.8", "pass: 0.5", ours(EXERCISE_YML), "title",
        "The overlay has other share to pass than the course: 0.5, not 0.8."),
    "overlay that earns something else": Planted(
        ours(QUIZ), "[fairness@awareness, brewing@awareness]", "[brewing@awareness]", ours(QUIZ), "",
        "The overlay has other skills than the course: brewing@awareness, not brewing@awareness, fairness@awareness."),
    "overlay without a question": Planted(
        ours(QUIZ), "## how-many  {", "## how-much  {", ours(QUIZ), "",
        "The overlay has other questions than the course: "),
    "overlay with other points": Planted(
        ours(SCRIPT), "points=4", "points=3", ours(EXERCISE_YML), "title",
        "The overlay has other checks and points than the course: test_double 3, advice 2, not test_double 4, "),
    "overlay whose wrong answers are of the open tests": Planted(
        ours(SCRIPT), 'test="test_double"', 'test="test_twice"', ours(f"{DOUBLE}/wrong/adds.py"), "",
        "There is no check 'test_double' with tests."),
}  # fmt: skip
