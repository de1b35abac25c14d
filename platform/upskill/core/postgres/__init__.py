"""Django's PostgreSQL, with a pool that notices a restart at once: DATABASES names this package as its ENGINE."""
