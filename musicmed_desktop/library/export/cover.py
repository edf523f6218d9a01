"""The cover of a copy: the drawing of a session as a square picture, as players show it."""

from __future__ import annotations

from musicmed_desktop.session.record import SessionRecord
from musicmed_desktop.session.svg import BACKGROUND
from musicmed_desktop.session.trajectory import HEIGHT, trajectory_svg

SIDE = 1000  # pixels

# resvg asks no system which font its generic "sans-serif" is (fontdb takes Arial), and leaves words out for which it
# finds none. So fonts are named here: of Windows, of macOS, and of the Linux desktops.
_FONTS = (
    *("Segoe UI", "Helvetica Neue", "Arial", "Helvetica"),
    *("Inter", "Adwaita Sans", "Noto Sans", "Ubuntu", "Cantarell", "Open Sans", "Roboto"),
    *("DejaVu Sans", "Liberation Sans", "Nimbus Sans", "FreeSans"),
)


def cover_png(record: SessionRecord) -> bytes:
    """The trajectory as a PNG of SIDE x SIDE pixels, which takes a few tenths of a second.

    Where a computer has none of the usual fonts the drawing is there without its words.
    """
    from resvg_py import svg_to_bytes

    fonts = ", ".join(f'"{name}"' for name in _FONTS)
    picture: bytes = svg_to_bytes(
        svg_string=_square(trajectory_svg(record)),
        width=SIDE,
        background=BACKGROUND,
        style_sheet=f"svg {{ font-family: {fonts}, sans-serif }}",
    )
    return picture


def _square(drawing: str) -> str:
    """The drawing, which is higher than wide, in the middle of a square."""
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {HEIGHT:g} {HEIGHT:g}">{drawing}</svg>'
