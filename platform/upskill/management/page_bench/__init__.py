"""How long each page takes on the demo data, asked in this process through what gunicorn serves.

addresses.py  which pages there are: the URL resolver's, each with addresses made from rows
visits.py     somebody who asks for them and counts queries and time
growth.py     more people, who did what the demo's people did
database.py   a database of its own, so that nothing that is measured leaves a trace
"""
