"""What the gate has to say, kept apart by whether it keeps a course out."""

from dataclasses import dataclass, field

from upskill.catalogue.course_files.mistakes import Notes


@dataclass
class Remarks:
    """Mistakes keep a course out. Advice is for its author to weigh; nothing hangs on it."""

    mistakes: Notes = field(default_factory=Notes)
    advice: Notes = field(default_factory=Notes)
