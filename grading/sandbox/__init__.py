"""The wall around learner code: a mode chosen and proved on the host itself, never taken on trust.

modes       the ways to wall code in, and the layers that each rests on
wall        one child puts itself behind the wall, before it reads a byte of a job
namespaces, landlock, seccomp, limits, scratch    the layers; linux and syscalls are the kernel's own calls
prove       the proof: canaries try to get out (canaries, probe), and what happens is judged from outside
            (examination, readings, witnesses)
slots       a user id of its own for each side, where root runs the engine
"""
