"""Real rows for tests, small and complete."""
