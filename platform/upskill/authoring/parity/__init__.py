"""Whether an exercise means the same in the browser's Python as in the marking engine, before it is published.

Every answer that its author knows is marked twice: by the engine, and by the engine's rules from what the browser's
Python under Node did with the same cells. Needs Node, which no server of the site has or needs.
"""
