"""Which licences let anybody read a course, with its solutions and tests."""

_OPEN = (
    "cc", "ogl", "open government", "creative commons", "public domain", "mit", "apache", "bsd", "gpl", "lgpl", "agpl",
    "mpl", "eupl", "odc", "odbl",
)  # fmt: skip


def is_open(licence: str) -> bool:
    """True for a licence under which a course is published for everybody, such as CC-BY-4.0."""
    return licence.strip().lower().startswith(_OPEN)
