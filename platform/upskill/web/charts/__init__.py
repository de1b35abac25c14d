"""Charts as SVG that the server draws: no script, no style of their own, words as real text.

Each is drawn twice, for wide and for narrow screens, and stands beside a table of everything in it. Colour is never
alone: lines have dashes and names at their ends, bars have their figure beside them.
"""
