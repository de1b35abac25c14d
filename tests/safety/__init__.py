"""Checks of ./test that are programs of others: planted secrets, and known holes in packages."""
