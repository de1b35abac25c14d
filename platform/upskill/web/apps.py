from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "upskill.web"
    verbose_name = "Pages"

    def ready(self) -> None:
        """Every way of signing in begins a session with its two moments."""
        from django.contrib.auth.signals import user_logged_in

        from . import session_limits

        user_logged_in.connect(session_limits.begin)
