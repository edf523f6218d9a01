"""How the page looks: by day, by night, on paper and on a narrow screen. No font or picture comes from elsewhere."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256

from musicmed_desktop.evaluation.report.colours import BETTER, NIGHT, RULE, WORSE
from musicmed_desktop.session.svg import BACKGROUND, INK, MUTED
from musicmed_desktop.session.trajectory import FONTS

_PAGE = f"""
:root {{ color-scheme: light dark; --ground: #ffffff; --card: {BACKGROUND}; --ink: {INK}; --muted: #5c6070;
  --rule: {RULE}; --better: {BETTER}; --worse: {WORSE}; }}
* {{ box-sizing: border-box; }}
body {{ margin: 0 auto; padding: 2rem 1.25rem 4rem; max-width: 76rem; background: var(--ground); color: var(--ink);
  font: 1rem/1.55 {FONTS}; overflow-wrap: anywhere; }}
h1 {{ font-size: 2rem; line-height: 1.2; margin: 0 0 1rem; }}
h2 {{ font-size: 1.35rem; margin: 3rem 0 0.75rem; }}
h3 {{ font-size: 1.05rem; margin: 1.75rem 0 0.5rem; }}
p, li, dd {{ max-width: 44rem; }}
.answer {{ background: var(--card); border-left: 0.35rem solid var(--better); border-radius: 0.5rem;
  padding: 0.9rem 1.25rem; font-size: 1.15rem; }}
.answer p {{ margin: 0.4rem 0; max-width: 56rem; }}
.note, .interval {{ color: var(--muted); font-size: 0.9rem; }}
.scroll {{ overflow-x: auto; margin: 0 0 1rem; }}
table {{ border-collapse: collapse; font-variant-numeric: tabular-nums; }}
caption {{ text-align: left; font-weight: 600; padding: 0.4rem 0; }}
th, td {{ text-align: left; vertical-align: top; padding: 0.45rem 1rem 0.45rem 0; overflow-wrap: normal;
  border-bottom: 1px solid var(--rule); }}
thead th {{ vertical-align: bottom; border-bottom: 2px solid var(--muted); }}
tbody th {{ font-weight: 400; min-width: 10rem; max-width: 20rem; overflow-wrap: anywhere; }}
td {{ white-space: nowrap; }}
td .interval {{ display: block; }}
.tables {{ display: flex; flex-wrap: wrap; column-gap: 2rem; }}
.tables > * {{ max-width: 100%; }}
.better {{ color: var(--better); font-weight: 600; }}
.worse {{ color: var(--worse); font-weight: 600; }}
.pictures {{ display: grid; gap: 1.25rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 27rem), 1fr)); }}
.pictures > * {{ max-width: 42rem; }}
figure {{ margin: 0; }}
figure.wide {{ max-width: 56rem; margin: 0 0 1.5rem; }}
svg {{ display: block; width: 100%; height: auto; }}
figure.wide {{ overflow-x: auto; }}
figure.wide svg {{ min-width: 38rem; }}
dt {{ font-weight: 600; margin-top: 0.75rem; }}
dd {{ margin: 0; }}
code {{ font-family: ui-monospace, Consolas, Menlo, monospace; }}
:focus-visible {{ outline: 3px solid var(--better); outline-offset: 2px; }}
"""

_NIGHT = (
    f"  :root {{ --ground: #12131b; --card: {NIGHT[BACKGROUND]}; --ink: {NIGHT[INK]}; --muted: {NIGHT[MUTED]};\n"
    f"    --rule: {NIGHT[RULE]}; --better: {NIGHT[BETTER]}; --worse: {NIGHT[WORSE]}; }}\n"
) + "".join(
    f'  svg [{where}="{day}"] {{ {where}: {night}; }}\n'
    for day, night in NIGHT.items()
    for where in ("fill", "stroke", "stop-color")
)

_NARROW = """
  th, td { padding-right: 0.6rem; font-size: 0.9rem; }
  tbody th { min-width: 6rem; }
"""

_PAPER = """
  body { max-width: none; padding: 0; font-size: 10pt; }
  .scroll, figure.wide { overflow: visible; }
  th, td { padding-right: 0.6rem; font-size: 8.5pt; }
  .interval { font-size: 7.5pt; }
  tbody th { min-width: 7rem; }
  .tables { display: block; }
  h2, h3, caption, h2 + p { break-after: avoid; }
  p, li, figure, tr, .tables table, .answer { break-inside: avoid; }
  .pictures { grid-template-columns: 1fr 1fr; }
"""

# A colour of the pictures is an attribute there, so that they look right by themselves; the page overrules it by night.
STYLE = (
    f"{_PAGE}@media (max-width: 40rem) {{{_NARROW}}}\n"
    f"@media screen and (prefers-color-scheme: dark) {{\n{_NIGHT}}}\n@media print {{{_PAPER}}}\n"
)

POLICY = (
    f"default-src 'none'; style-src 'sha256-{b64encode(sha256(STYLE.encode()).digest()).decode()}'; "
    "base-uri 'none'; form-action 'none'"
)
