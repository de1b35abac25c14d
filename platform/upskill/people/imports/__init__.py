"""Imports of staff records: a file is read into rows, the rows are judged and compared, and then carried out.

columns.py    what a row may hold, and what is wrong with one by itself
files.py      rows of a CSV or XLSX file as a stream, with bounds
errors.py     every refusal of a row, in words
staging.py    the rows in the database, until the import is over
judging.py    what is wrong with rows beside each other and beside what is known
comparing.py  what would become of each row
applying.py   people, posts, heads and leavers, some thousand rows at a time
running.py    the steps in their order; each piece can be lost and done again
giving.py     a file is given, confirmed or withdrawn
"""
