"""What Django writes down about a fault while DEBUG is on."""

from django.db import InterfaceError, OperationalError
from django.utils.safestring import SafeString
from django.views.debug import ExceptionReporter


class FaultReporter(ExceptionReporter):
    """Django's own, but nothing where the database is away: it would ask the database for every value that it shows,
    and wait each time. Such a fault is answered with a page of ours."""

    def get_traceback_html(self) -> SafeString:
        """The report for a browser."""
        return SafeString("") if self._is_database_away() else super().get_traceback_html()

    def get_traceback_text(self) -> SafeString:
        """The report for anything else."""
        return SafeString("") if self._is_database_away() else super().get_traceback_text()

    def _is_database_away(self) -> bool:
        return isinstance(self.exc_value, OperationalError | InterfaceError)
