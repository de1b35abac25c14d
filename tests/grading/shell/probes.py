"""Cells whose outputs must be a real kernel's. They run in this order as one notebook."""

PROBES = {
    "a value": "1 + 1",
    "a value twice": "_ * 2, __, _1",
    "nothing": "x = 3",
    "a semicolon": "x;",
    "printed and a value": "print('a')\nprint('b', end='')\n'c'",
    "history": "Out, In[-1][:7], [n for n in _oh]",
    "main": "__name__, '__file__' in globals(), type(get_ipython()).__name__, __doc__",
    "pickled class": """
        import pickle
        class Point:
            def __init__(self, x): self.x = x
        pickle.loads(pickle.dumps(Point(3))).x, Point""",
    "stdout and stderr": "import sys\nprint('e', file=sys.stderr)\nprint('o')",
    "streams in turn": """
        for i in range(3):
            print('o', i); print('e', i, file=sys.stderr)""",
    "flushed in turn": "print('o', flush=True); print('e', file=sys.stderr, flush=True); print('o2', flush=True)",
    "unicode": "print('héé ✓ 🎈')\n'✓'",
    "carriage return": "print('10%\\r20%\\r30%')",
    "written wrongly": "sys.stdout.write(3)",
    "stream's manners": "sys.stdout.isatty(), sys.stdout.encoding, sys.stdout.writable(), sys.stdout.write('abc'), "
    "hasattr(sys.stdout, 'buffer'), sys.stdout.name",
    "displays": """
        from IPython.display import HTML, Markdown, Image, JSON, Latex, SVG, clear_output, display, update_display
        display(1, HTML('<b>x</b>'), Markdown('*m*'))
        print('between')
        display({'a': [1, 2]}, metadata={'text/plain': {'k': 1}})
        2""",
    "a display handle": "h = display('first', display_id='named')\nprint('x')\nh.update('second')",
    "updated from a later cell": "update_display('third', display_id='named')\nh.display('fourth')",
    "updated without a display": "update_display('lost', display_id='never shown')",
    "shown again under a name": "display(HTML('<i>fifth</i>'), display_id='named')",
    "a raw bundle": "display({'text/plain': 'p', 'application/json': {'a': 1}}, raw=True)",
    "a bundle of odd types": "display({'text/plain': 'p', 'image/png': b'\\x89PNG'}, raw=True)",
    "an image": "Image(data=b'\\x89PNG\\r\\n\\x1a\\n' + b'0' * 9, format='png', width=3)",
    "other displays": "display(JSON({'a': 1}), Latex('$x$'), SVG('<svg xmlns=\"http://www.w3.org/2000/svg\"/>'))",
    "cleared": "print(1)\nclear_output()\nprint(2)",
    "cleared with the next output": "print(1)\nclear_output(wait=True)\nprint(2)\nclear_output(wait=True)",
    "cleared a display": "display('a', display_id='gone')\nclear_output(wait=True)\ndisplay('b')\n"
    "update_display('c', display_id='gone')",
    "an error": "def f(x):\n    return 1 / x\nf(0)",
    "an error after output": "print('before')\n{}['k']",
    "a chain of errors": "try:\n    {}['k']\nexcept KeyError as e:\n    raise ValueError('v') from e",
    "an error with notes": "e = ValueError('n')\ne.add_note('note')\nraise e",
    "an error of a class that lies": """
        class Lies(Exception):
            def __str__(self): raise RuntimeError('no text')
        raise Lies()""",
    "an assertion": "assert 1 == 2, 'one is not two'",
    "a name that is not there": "undefined_name",
    "a syntax error": "def (:",
    "an indentation error": "if True:\nx = 1",
    "a syntax error while running": "eval('1 +')",
    "a return outside": "return 3",
    "recursion": "def again(n): return again(n + 1)\nagain(0)",
    "sys.exit": "sys.exit(3)",
    "SystemExit": "raise SystemExit",
    "KeyboardInterrupt": "print('a')\nraise KeyboardInterrupt",
    "interrupted from outside": "import os, signal\nprint('b')\nos.kill(os.getpid(), signal.SIGINT)\n"
    "for i in range(10**6): pass",
    "input": "input('name? ')",
    "getpass": "import getpass\ngetpass.getpass()",
    "a repr that raises": "class Hostile:\n    def __repr__(self): raise RuntimeError('no repr')\nHostile()",
    "an HTML repr that raises": "class HalfHostile:\n    def _repr_html_(self): raise RuntimeError('no html')\n"
    "    def __repr__(self): return 'half'\nHalfHostile()",
    "a display that raises": "display(Hostile())\n1",
    "an HTML repr that lies": "class Lying:\n    def _repr_html_(self): return 3\n"
    "    def __repr__(self): return 'l'\nLying()",
    "a MIME bundle": "class Bundle:\n    def _repr_mimebundle_(self, include=None, exclude=None):\n"
    "        return {'text/plain': 'b', 'text/html': '<b>'}, {'text/html': {'isolated': True}}\nBundle()",
    "awaited": "import asyncio\nawait asyncio.sleep(0.01)\n'awaited'",
    "async for": "async def two():\n    yield 1\n    yield 2\n[i async for i in two()]",
    "a task": "async def later():\n    await asyncio.sleep(0.01)\n    print('done')\n    return 4\n"
    "task = asyncio.create_task(later())\nawait task",
    "a task without await": "task = asyncio.ensure_future(later())",
    "its result": "await task",
    "asyncio.run": "later_on = asyncio.sleep(0)\nasyncio.run(later_on)",
    "a coroutine closed": "later_on.close()",
    "an awaited error": "async def fails():\n    raise ValueError('async')\nawait fails()",
    "a running loop": "asyncio.get_running_loop().is_running()",
    "a thread": "import threading\nt = threading.Thread(target=print, args=('in a thread',))\nt.start(); t.join()",
    "an error in a thread": "def w():\n    raise ValueError('in thread')\nt = threading.Thread(target=w, name='T')\n"
    "t.start(); t.join()",
    "a warning": "import warnings\nwarnings.warn('careful')",
    "a deprecation": "warnings.warn('old', DeprecationWarning)",
    "logging": "import logging\nlogging.warning('logged')\nlogging.getLogger('other').error('e')",
    "%time": "%time sum(range(10))",
    "%%time": "%%time\nprint(1)\n1 + 1",
    "%%capture": "%%capture caught\nprint(3)\n4",
    "what was captured": "caught.stdout, len(caught.outputs)",
    "%who_ls": "zz = 1\n%who_ls Point",
    "%pwd": "%pwd\n_dh == [os.getcwd()]",
    "%env": "%env TERM",
    "%precision": "%precision 3\n3.14159265",
    "no such magic": "%no_such_magic 3",
    "a usage error": "%%time_wrongly\n1",
    "%pinfo": "len?",
    "help": "help(callable)",
    "%xmode": "%xmode Minimal\n1/0",
    "%xmode back": "%xmode Context",
    "%run": "open('script.py', 'w').write('print(__name__)\\nran = 5')\n%run script.py\nran",
    "%%writefile": "%%writefile notes.txt\nhello",
    "own module": "open('own.py', 'w').write('def f():\\n    raise KeyError(1)')\nimport own\nown.f()",
    "%timeit": "%timeit -q -n1 -r1 pass",
    "post_execute": "def hook(): print('hook')\nget_ipython().events.register('post_execute', hook)",
    "post_execute ran": "get_ipython().events.unregister('post_execute', hook)\n1",
    "a failing hook": "def bad(): raise ValueError('hook')\nget_ipython().events.register('post_execute', bad)",
    "a failing hook ran": "get_ipython().events.unregister('post_execute', bad)",
    "a custom formatter": "html = get_ipython().display_formatter.formatters['text/html']\n"
    "html.for_type(Point, lambda p: '<p>')\nPoint(1)",
    "displayhook replaced": "sys.displayhook = lambda v: print('shown', v)\n5",
    "the next displayhook": "6",
    "stdout replaced": "import io\nkept, sys.stdout = sys.stdout, io.StringIO()\nprint('hidden')\n"
    "text = sys.stdout.getvalue(); sys.stdout = kept\ntext",
    "redirected": "import contextlib\nwith contextlib.redirect_stdout(io.StringIO()) as s: print('r')\ns.getvalue()",
    "a frame": "import pandas as pd\ndf = pd.DataFrame({'a': [1, 2], 'b': ['x', None]})\ndf",
    "a series": "df.a",
    "an error in pandas": "df['c']",
    "an array": "import numpy as np\nnp.arange(3.0)",
    "an error in numpy": "np.zeros(2) + np.zeros(3)",
    "an estimator": "from sklearn.linear_model import LinearRegression\nLinearRegression()",
    "before the first figure": """
        import matplotlib, sys
        (matplotlib.is_interactive(), matplotlib.rcParams._get("backend"), hasattr(matplotlib.backends, "backend"),
         "matplotlib_inline.backend_inline" in sys.modules, len(get_ipython().events.callbacks["post_execute"]),
         sorted(str(kind) for kind in get_ipython().display_formatter.formatters["image/png"].type_printers),
         [type(each).__name__ for each in get_ipython().configurables][-2:])""",
    "a figure at the end": "import matplotlib.pyplot as plt\nplt.figure(figsize=(2, 1)); plt.plot([3, 1]);",
    "a figure shown": "plt.figure(figsize=(2, 1)); plt.plot([1, 2])\nprint('before')\nplt.show()\nprint('after')",
    "a figure as a value": "fig, ax = plt.subplots(figsize=(2, 1))\nfig",
    "two figures and an error": "plt.figure(figsize=(1, 1)); plt.figure(figsize=(1, 1))\n1/0",
    "pandas plots": "df.a.plot(figsize=(2, 1))",
    "the backend": "plt.get_backend(), plt.isinteractive(), len(get_ipython().events.callbacks['post_execute'])",
    "%matplotlib inline": "%matplotlib inline\nplt.figure(figsize=(2, 1)); plt.plot([1]);",
    "figure formats": "%config InlineBackend.figure_formats = ['svg']\n%config InlineBackend.close_figures",
    "an empty figure cell": "plt.rcParams['figure.dpi'], plt.rcParams['figure.figsize']",
    "a long repr": "list(range(2000))",
    "a deep repr": "d = {}\nfor i in range(3000): d = {'d': d}\nd",
    "future": "from __future__ import annotations\ndef g(a: nothing_of_this_name): pass\ng.__annotations__",
    "an empty print": "print()",
    "comments only": "# nothing\n",
    "blank": "  \n",
    "underscore set": "_ = 5\n6",
    "underscore stays": "_",
    "deleted": "del x\nx",
    "the debugger": "import pdb\npdb.Pdb",
    "breakpoint": "breakpoint()",
    "an error to look at": "def looked_at(n):\n    return 1 / n\nlooked_at(0)",
    "%debug": "%debug",
    "raw output": "os.write(1, b'raw\\n')\ntime.sleep(0.3)",
    "a command": "!echo from a command",
    "streams over time": "import time\nprint('a')\ntime.sleep(0.5)\nprint('b')\nprint('c', file=sys.stderr)\n"
    "print('d')\ntime.sleep(0.5)\nprint('e')",
    "a task that outlives its cell": "async def rest():\n    await asyncio.sleep(0.01)\n    print('late')\n"
    "rest = asyncio.create_task(rest())",
    "the cell after it": "await rest",
    "a thread that outlives its cell": "t = threading.Timer(0.3, print, ('late',))\nt.start()",
    "the cell after that": "t.join()",
    "an exception group": "raise ExceptionGroup('several', [ValueError('a')])",
    "parsed arguments": "sys.argv[0].endswith('ipykernel_launcher.py')",
    "environment": "{n: os.environ.get(n) for n in ('TERM', 'CLICOLOR', 'FORCE_COLOR', 'PAGER', 'MPLBACKEND')}",
    "a cancelled error": "raise asyncio.CancelledError('c')",
    "a lone surrogate": "print('a\\ud800b')",
    "a value with a lone surrogate": "'a\\ud800b'",
    "not a number in JSON": "display(JSON({'a': float('nan')}))",
    "exit": "exit",
}

# Where ours is not a kernel's, and why.
EXCEPTIONS = {
    "raw output": "no thread reads what is written past sys.stdout, so it is no output",
    "a command": "the wall lets no program start; ours says so on stderr and goes on",
    "exit": "a kernel ends silently and the next cell finds it dead; ours reports SystemExit and goes on",
    "a lone surrogate": "a kernel cannot send it, and logs a traceback of its own into the cell; ours prints '?'",
    "not a number in JSON": "the same output and the same warning, which names the file that sends",
}
