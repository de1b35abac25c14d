"""What stands between a learner's code and the machine, until full confinement comes.

This is the interim wall, for trying the service on one's own machine (GRADER_ISOLATION=unsafe-dev). Each job runs in a
child process that confines itself before it reads the answer. `unsafe-dev: ...` in a verdict's provenance names what
was reached:

    processes  a process namespace: the code sees no process but its own, and all of them end with the job
    network    an empty network namespace: no interface, not even loopback
    ipc        no shared memory or message queue of others
    files      a mount namespace: everything read-only; every folder but the system's own, and this project's wherever
               it lies, hidden behind empty ones; a scratch folder of bounded size that ends with the job
    uid        a user id of its own without rights (root only)
    rlimits    memory, processor time, file size, open files, processes

A normal user needs user namespaces for all of these but rlimits; where they are refused the code runs with that user's
rights and may read their files and end their processes. Root that cannot give up its rights runs nothing.

What does not hold, and what the coming engine closes: hidden tests run in the learner's process and can be read there,
and code in that process can forge its own results; there is no system call filter; limits count per process, so several
processes may use several times the memory.
"""
