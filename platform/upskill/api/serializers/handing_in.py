"""A notebook that is handed in: as JSON within JSON, or as a file of a form."""

import json

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.exceptions import ParseError

MISSING = gettext_lazy("Send the notebook that you want to hand in.")
EMPTY = gettext_lazy("This file is empty. Save your notebook in Jupyter, then send it again.")


class NotebookInJsonSerializer(serializers.Serializer):
    """The content of an .ipynb file, as it is, under the name notebook."""

    notebook = serializers.DictField(error_messages={"required": MISSING, "null": MISSING})

    @property
    def content(self) -> bytes:
        """The same as a file. Equal notebooks give equal bytes. Raises ParseError."""
        try:
            text = json.dumps(self.validated_data["notebook"], ensure_ascii=False, separators=(",", ":"))
        except RecursionError as problem:
            raise ParseError(_("This JSON is nested too deeply.")) from problem
        return text.encode("utf-8", "backslashreplace")  # half a character becomes the escape that it was in JSON


class NotebookFileSerializer(serializers.Serializer):
    """An .ipynb file."""

    notebook = serializers.FileField(error_messages={"required": MISSING, "null": MISSING, "empty": EMPTY})

    @property
    def content(self) -> bytes:
        """The bytes of the file."""
        return bytes(self.validated_data["notebook"].read())
