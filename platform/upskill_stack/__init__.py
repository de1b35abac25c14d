"""The local stack: PostgreSQL and Valkey for one clone, and the supervised site of ./run. Knows nothing of Django.

demo.py         ./run: services, then prepare, then web, worker and beat, then wait for Ctrl-C
services.py     `running()`: the two servers for as long as somebody needs them (./run, manage.py, ./test)
postgres.py     the database server: its data, its command, when it is ready
valkey.py       the broker: the same
binaries.py     where the servers' programs are found
supervision.py  talks to supervisord, which restarts what dies (supervisord.conf)
keeper.py       ends what nobody uses any more, also after a kill -9
tether.py       starts one program so that it can not outlive its supervisor
folders.py      where everything lies on disk, and who may enter
locks.py        who is running: locks that the kernel drops when their holder dies
problems.py     what can go wrong, in one sentence with its cure
"""
