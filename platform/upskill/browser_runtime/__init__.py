"""Python for the browser: Pyodide and the packages of exercises, which a page loads from this site alone.

The files are too large for this repository. manifest.json names each with its SHA-256, `manage.py
fetch_browser_runtime` brings them, and the site serves them.
"""
