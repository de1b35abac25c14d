"""A picture that a lesson may show."""

PICTURE = """\
<?xml version="1.0" encoding="utf-8"?>
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 360 180" width="360pt" height="180pt">
<style type="text/css">*{stroke-linejoin: round}</style>
<rect width="360" height="180" style="fill: #ffffff"/>
</svg>
"""
