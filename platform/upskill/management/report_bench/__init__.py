"""How long reports take over a whole population, and how that grows with it.

askers.py        who asks: heads of large and small organisations, managers with many reports and few
views.py         every page, export and API answer about a team or an organisation, for each of them
nights.py        the publication that wider views read, made and timed
rounds.py        two populations visited by turns, so that a busy second of the machine hits both alike
plans.py         the dearest queries, as PostgreSQL carries them out
promises.py      what is promised of it
"""
