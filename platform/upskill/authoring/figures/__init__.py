"""The programs that draw the figures of lessons, and whether what is committed is what they draw.

A program is run by `manage.py draw_figures` alone, never when courses are loaded or shown.
"""
