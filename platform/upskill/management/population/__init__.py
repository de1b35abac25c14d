"""An invented population as large as the Civil Service, or a few hundred colleagues for the demo: the same every time.

departments.py  which organisations there are, and how many people work in each
trees.py        who leads whom and which units they work in
posts.py        grades, professions and what a post asks for
names.py        what people are called
offers.py       what the published courses give evidence for
work.py         who learned what, and when
past.py         who worked elsewhere before
copying.py      rows into tables, very many at once
staff.py        writes organisations, people and where they work
learned.py      writes what they learned, with the tallies of their levels
planned.py      writes what is assigned to them, and what they finished
making.py       all of it, one after the other
colleagues.py  some hundred colleagues of the demo's people
databases.py    databases that hold nothing but such a population and the demo
"""
