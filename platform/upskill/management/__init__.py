"""Commands that use every app: the demo, and what a start needs."""
