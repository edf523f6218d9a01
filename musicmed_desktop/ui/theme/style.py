"""The style sheet of the application: resources/window.qss, filled in with the tokens.

Widgets choose a look by their dynamic property `look`: "primary", "quiet", "danger", "link" and "rail" for buttons,
"card", "notice", "rail", "rail-top" and "line" for frames, "title", "heading", "muted", "small" and "error" for labels.
"""

from __future__ import annotations

from functools import cache
from string import Template

from musicmed_desktop.paths import resource
from musicmed_desktop.ui.theme.tokens import Tokens

_LENGTHS = (3, 4, 6, 8, 10, 14, 16, 20, 22, 40)  # pixels at 100 %
_POINTS = {"small": 9.5, "heading": 13.5, "title": 21.0}


def style_sheet(tokens: Tokens, scale: float) -> str:
    """The Qt style sheet; lengths grow with the text."""
    strong = tokens.name == "contrast"
    return _template().substitute(
        {name: value for name, value in vars(tokens).items() if isinstance(value, str)},
        **{f"px{length}": f"{round(length * scale)}px" for length in _LENGTHS},
        **{name: f"{points * scale:.1f}pt" for name, points in _POINTS.items()},
        border="2px" if strong else "1px",
        ring="3px" if strong else "2px",
        arrow=_icon("arrow-down"),
        check=_icon("check-white" if tokens.name == "light" else "check-black"),
    )


@cache
def _template() -> Template:
    return Template(resource("window.qss").read_text(encoding="utf-8"))


def _icon(name: str) -> str:
    return f'url("{resource("icons").joinpath(name + ".svg").as_posix()}")'
