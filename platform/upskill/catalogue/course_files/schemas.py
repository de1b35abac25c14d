"""Which keys each course file may have. Every object refuses keys that are not listed."""

from typing import Any

LEVELS = {"awareness": 1, "working": 2, "practitioner": 3}  # no course makes an expert

_SLUG = {
    "type": "string",
    "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$",
    "maxLength": 50,
    "cure": "Use small letters, numbers and single hyphens, at most 50 characters.",
}
_TITLE = {
    "type": "string",
    "pattern": r"\A[^\n]*\S[^\n]*\Z",  # a line break could not stand in the subject of an e-mail
    "maxLength": 120,
    "cure": "Give one line of 1 to 120 characters.",
}
_SENTENCE = {"type": "string", "pattern": r"\S", "cure": "Write a sentence."}
_MINUTES = {
    "type": "integer",
    "minimum": 1,
    "maximum": 480,
    "cure": "Give the minutes that a learner needs, from 1 to 480.",
}
_SKILLS = {
    "type": "array",
    "uniqueItems": True,
    "cure": "Name each skill once.",
    "items": {
        "type": "string",
        "pattern": f"^[a-z0-9-]+@({'|'.join(LEVELS)})$",
        "cure": f"Write skill@level, such as fairness@working. The levels are {', '.join(LEVELS)}.",
    },
}
_PASS = {
    "type": "number",
    "exclusiveMinimum": 0,
    "maximum": 1,
    "cure": "Give a share above 0 and up to 1, such as 0.8.",
}


def _keys(properties: dict[str, Any], *, optional: tuple[str, ...] = (), **more: Any) -> dict[str, Any]:
    """An object that may have these keys and no other, and must have those that are not optional."""
    required = [key for key in properties if key not in optional]
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False, **more}


def _a_list_of(items: dict[str, Any], *, most: int | None = None, least: int = 1) -> dict[str, Any]:
    bounds = {"minItems": least} | ({"maxItems": most} if most else {})
    return {"type": "array", "items": items, "uniqueItems": True, "cure": "Name each entry once.", **bounds}


def _limit(largest: int) -> dict[str, Any]:
    return {"type": "integer", "minimum": 1, "maximum": largest, "cure": f"Give a whole number from 1 to {largest}."}


COURSE = _keys(
    {
        "id": _SLUG,
        "title": _TITLE,
        "summary": _SENTENCE,
        "version": {
            "type": "string",
            "pattern": r"^[0-9]+\.[0-9]+\.[0-9]+$",
            "maxLength": 40,
            "cure": "Write three numbers with dots, such as 1.0.0.",
        },
        "language": {
            "type": "string",
            "pattern": "^[a-z]{2}(-[A-Z]{2})?$",
            "cure": "Write a code such as en-GB or cy.",
        },
        "licence": {"type": "string", "pattern": r"\S", "maxLength": 40, "cure": "Name a licence, such as CC-BY-4.0."},
        "audience": _a_list_of(_SLUG),
        "principles": _a_list_of(_limit(10)),  # of the AI Playbook for the UK Government, which has ten
        "skills": _SKILLS,
        "modules": _a_list_of(_SLUG),
    },
    optional=("principles",),
)
OVERLAY = _keys(
    {
        "course": _SLUG,
        "over": {
            "type": "string",
            "pattern": r"^[0-9]+\.[0-9]+\.[0-9]+$",
            "cure": "Write the version of the course that it lies over, such as 1.0.0.",
        },
        "edition": {
            "type": "integer",
            "minimum": 1,
            "maximum": 9999,
            "cure": "Write 1, and raise it whenever the overlay changes.",
        },
    }
)
MODULE = _keys(
    {
        "title": _TITLE,
        "summary": _SENTENCE,
        "objectives": _a_list_of(_SENTENCE),
        "prerequisites": _SKILLS,
        "items": _a_list_of(_SLUG),
    },
    optional=("summary", "prerequisites"),
)
LESSON = _keys({"title": _TITLE, "minutes": _MINUTES})
WELSH = _keys(
    {
        "title": _TITLE,
        "of": {
            "type": "string",
            "pattern": "^[0-9a-f]{64}$",
            "cure": "Give the SHA-256 of the English file: 64 digits and letters a to f, as sha256sum prints it.",
        },
        "checked_by_speaker": {"type": "boolean", "cure": "Say true once a Welsh speaker has checked it, else false."},
    }
)
PROFILE = _keys({"name": _TITLE, "role": _TITLE})
WORKSHOP = _keys(
    {
        "title": _TITLE,
        "minutes": _MINUTES,
        "people": {
            "type": "string",
            "pattern": r"^[1-9][0-9]{0,2}( to [1-9][0-9]{0,2})?$",
            "cure": 'Write how many people it takes, in quotes: "6" or "4 to 12".',
        },
        "materials": _a_list_of(_SENTENCE, least=0),
    }
)
QUIZ = _keys({"title": _TITLE, "minutes": _MINUTES, "skills": _SKILLS, "pass": _PASS})
EXERCISE = _keys(
    {
        "title": _TITLE,
        "minutes": _MINUTES,
        "skills": _SKILLS,
        "pass": _PASS,
        "limits": _keys(
            {
                "cell_seconds": _limit(120),
                "total_seconds": _limit(600),
                "memory_mb": _limit(4096),
                "output_kb": _limit(8192),
                "processes": _limit(256),
                "files_mb": _limit(512),
            },
            optional=("cell_seconds", "total_seconds", "memory_mb", "output_kb", "processes", "files_mb"),
        ),
        "data": {
            "type": "object",
            "propertyNames": {
                "pattern": "^[A-Za-z0-9_][A-Za-z0-9_.-]*$",
                "cure": "Name files with letters, numbers, dots, hyphens and underscores only.",
            },
            "additionalProperties": {
                "type": "string",
                "pattern": "^[0-9a-f]{64}$",
                "cure": "Give the SHA-256 of the file: 64 digits and letters a to f, as sha256sum prints it.",
            },
        },
    },
    optional=("limits", "data"),
)
_CRITERION = _keys(
    {
        "id": _SLUG,
        "title": _TITLE,
        "points": {"type": "number", "exclusiveMinimum": 0, "maximum": 1000, "cure": "Give more than 0 points."},
        "levels": {"type": "array", "items": _SENTENCE, "minItems": 5, "maxItems": 5},
    }
)
REFLECTION_RUBRIC = _keys({"model_answer": _SENTENCE, "criteria": _a_list_of(_CRITERION, most=8)})
RUBRIC = {"type": "object", "additionalProperties": REFLECTION_RUBRIC}
REFLECTION = _keys(
    {
        "title": _TITLE,
        "minutes": _MINUTES,
        "skills": _SKILLS,
        "words": {
            "type": "integer",
            "minimum": 20,
            "maximum": 2000,
            "cure": "Give the most words that learners may write, from 20 to 2000.",
        },
    },
    optional=("words",),
)
SKILLS = _keys(
    {
        "skills": _a_list_of(
            _keys(
                {
                    "id": _SLUG,
                    "name": _TITLE,
                    "valid_months": _limit(120),
                    "same_as": {
                        "type": "string",
                        "pattern": "^[a-z0-9]+(-[a-z0-9]+)+$",
                        "maxLength": 80,
                        "cure": "Name a skill of a framework, such as gdad-data-ethics-and-privacy.",
                    },
                    "levels": _keys(
                        {
                            level: _SENTENCE | {"pattern": r"^You can \S", "cure": "Begin the sentence with: You can"}
                            for level in LEVELS
                        }
                    ),
                },
                optional=("valid_months", "same_as"),
            )
        )
    }
)
_PART = {
    "type": "string",
    "pattern": "^[a-z0-9]+(-[a-z0-9]+)*(/[a-z0-9]+(-[a-z0-9]+)*)?$",
    "maxLength": 101,
    "cure": "Write the id of a course, or course/module.",
}
_WHY = {
    "type": "string",
    "pattern": r"\A[^\n]*\S[^\n]*\Z",
    "maxLength": 300,
    "cure": "Write one sentence of up to 300 characters.",
}
PATHS = _keys(
    {
        "paths": _a_list_of(
            _keys(
                {
                    "id": _SLUG,
                    "title": _TITLE,
                    "summary": _SENTENCE,
                    "for": _a_list_of(_SLUG),
                    "steps": _a_list_of(_keys({"take": _PART, "why": _WHY}, optional=("why",)), most=20),
                }
            )
        )
    }
)
_RULE = _keys(
    {
        "skill": _SLUG,
        "at_least": {"type": "integer", "minimum": 0, "maximum": 50, "cure": "Give a whole number of right answers."},
        "path": _SLUG,
        "start": _PART,
        "because": _WHY,
    },
    optional=("at_least", "path", "start"),
    dependentRequired={"path": ["start"], "start": ["path"]},
    cure="Give a rule both path and start, or neither.",
)
DIAGNOSTIC = _keys({"title": _TITLE, "minutes": _MINUTES, "diagnostic": _a_list_of(_RULE, most=60)})
