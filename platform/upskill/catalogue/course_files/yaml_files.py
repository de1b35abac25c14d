"""YAML that remembers its lines, checked against a schema in which unknown keys are mistakes."""

import difflib
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from .mistakes import Notes
from .texts import UNPRINTABLE

Place = tuple[str | int, ...]

_QUOTES = "Put text that contains a colon, a # or a bracket in quotes, and indent with spaces."


@dataclass(frozen=True)
class YamlText:
    """The value of a YAML text, and the line of each key and list entry in its file."""

    file: Path
    data: dict[str, Any]
    lines: dict[Place, int] = field(repr=False)

    def line(self, *place: str | int) -> int:
        """The line of a key or list entry; the nearest one above it when it is not there."""
        while place not in self.lines and place:
            place = place[:-1]
        return self.lines.get(place, 1)


def read_yaml(text: str, *, file: Path, schema: dict[str, Any], notes: Notes, first_line: int = 1) -> YamlText | None:
    """The checked value of `text`, or None with every mistake noted. The text begins on `first_line` of its file."""
    before = len(notes.mistakes)
    found = YamlText(file, {}, {(): first_line})
    try:
        loader = yaml.SafeLoader(text)
        node = loader.get_single_node()
        _note_lines(node, (), found=found, notes=notes, first_line=first_line, seen=set())
        if node and len(notes.mistakes) == before:  # never before: building what aliases stand for may take for ever
            found = replace(found, data=loader.construct_document(node))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = first_line + (mark.line if mark else 0)
        problem = getattr(error, "problem", None) or "unexpected characters"
        notes.add(file, line=line, problem=f"This is not valid YAML: {problem}.", cure=_QUOTES)
    except (ValueError, RecursionError) as error:
        problem = f"This YAML cannot be read: {error}."
        notes.add(file, line=first_line, problem=problem, cure="Put dates and numbers in quotes to keep them as text.")
    if len(notes.mistakes) == before:
        _note_schema_mistakes(found, schema, notes)
    return found if len(notes.mistakes) == before else None


def _note_lines(
    node: yaml.Node | None, place: Place, *, found: YamlText, notes: Notes, first_line: int, seen: set[int]
) -> None:
    """Fill `found.lines`; note keys given twice, odd characters, and aliases, whose lines would be somebody else's."""
    if id(node) in seen and node is not None:
        line = found.line(*place)
        notes.add(
            found.file, line=line, problem="This YAML uses an alias (*name).", cure="Write the value out in full."
        )
        return
    seen.add(id(node))
    if isinstance(node, yaml.ScalarNode) and UNPRINTABLE.search(node.value):
        problem = f"The value of {_name(place)} holds a character that cannot be shown."
        notes.add(found.file, line=found.line(*place), problem=problem, cure="Type the text again, without \\ escapes.")
    for name, marked, value in _children(node):
        line = first_line + marked.start_mark.line
        if (*place, name) in found.lines:
            notes.add(found.file, line=line, problem=f"The key '{name}' is given twice.", cure="Keep one of them.")
            continue
        found.lines[*place, name] = line
        _note_lines(value, (*place, name), found=found, notes=notes, first_line=first_line, seen=seen)


def _children(node: yaml.Node | None) -> list[tuple[str | int, yaml.Node, yaml.Node]]:
    """Key or number, the node that shows its line, and its value, for each entry of a group or list."""
    if isinstance(node, yaml.MappingNode):
        return [(str(key.value), key, value) for key, value in node.value]
    if isinstance(node, yaml.SequenceNode):
        return [(number, value, value) for number, value in enumerate(node.value)]
    return []


def _note_schema_mistakes(found: YamlText, schema: dict[str, Any], notes: Notes) -> None:
    for error in Draft202012Validator(schema).iter_errors(found.data):
        place: Place = tuple(error.absolute_path)
        rule: Any = error.schema
        value: Any = error.instance
        if error.validator == "additionalProperties":
            known = list(rule["properties"])
            for key in sorted(map(str, value.keys() - set(known))):
                problem = f"The key '{key}' is not known here."
                notes.add(found.file, line=found.line(*place, key), problem=problem, cure=_cure_for_key(key, known))
            continue
        if "propertyNames" in error.absolute_schema_path:
            place = (*place, str(value))
        problem, cure = _in_plain_words(error, rule=rule, value=value, name=_name(place))
        notes.add(found.file, line=found.line(*place), problem=problem, cure=cure)


def _cure_for_key(key: str, known: list[str]) -> str:
    near = difflib.get_close_matches(key, known, n=1)
    return f"Did you mean '{near[0]}'?" if near else f"Use only these keys: {', '.join(known)}."


def _name(place: Place) -> str:
    """What to call a place in a message: the last key on the way, with the number of a list entry counted from 1."""
    words = [f"number {part + 1}" if isinstance(part, int) else f"'{part}'" for part in place]
    return " ".join(words[-2:]) if words else "the file"


_KINDS = {
    "string": "text",
    "array": "a list",
    "object": "a group of keys",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
}


def _in_plain_words(error: ValidationError, *, rule: Any, value: Any, name: str) -> tuple[str, str]:
    """What is wrong and its cure, in words that an author knows."""
    expected: Any = error.validator_value
    match error.validator:
        case "required":
            missing = ", ".join(f"'{key}'" for key in expected if key not in value)
            return f"A key is missing: {missing}.", "Add it."
        case "type" if expected == "string":
            return f"The value of {name} is not text.", "Put it in quotes."
        case "type":
            return f"The value of {name} is not {_KINDS[expected]}.", f"Give {_KINDS[expected]}."
        case "minItems" | "maxItems":
            return f"{name.capitalize()} has the wrong number of entries: {len(value)}.", f"Give {_bounds(rule)}."
        case _:
            return f"The value of {name} does not fit.", rule.get("cure", f"Change it: {error.message}.")


def _bounds(rule: dict[str, Any]) -> str:
    least, most = rule.get("minItems", 0), rule.get("maxItems")
    if most is None:
        return f"at least {least}"
    return str(least) if least == most else f"{least} to {most}"
