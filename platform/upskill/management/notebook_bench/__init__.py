"""What bench_notebook_page measures: the page of an exercise against JupyterLite, in Chromium, in one run.

bench.py        rounds in which both are visited in turn
course.py       an exercise that prints, then shows a table; and the same notebook for JupyterLite
reader.py       a learner of it, in the environment of the bench's own stack
jupyterlite.py  JupyterLite, built from its distributions in a folder of the bench's own
servers.py      both served by the same kind of server
site.py         the site as a browser gets it from behind a proxy
lite_site.py    JupyterLite's files
visits.py       what somebody does at either page, and what the clock in the page says
weight.py       what our scripts and styles weigh as they are served
sums.py         medians, ratios and what is promised of them

jupyterlite.txt and jupyterlite_kernel.txt are the locks of what JupyterLite needs. They are no part of the site's:
nothing that runs for people has JupyterLite in it.
"""
