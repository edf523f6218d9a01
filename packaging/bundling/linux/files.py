"""What tells a Linux desktop about the program: its entry in the menu, its page in a software centre, its files."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

from bundling import icons, product
from bundling.linux.templating import filled
from bundling.linux.timestamps import source_date_epoch

DESKTOP = f"{product.PROGRAM}.desktop"
METAINFO = f"{product.APP_ID}.metainfo.xml"
MIME = f"{product.PROGRAM}.xml"

_MIME_TYPE = """\
  <mime-type type="{type}">
    <comment>{words}</comment>
    <glob pattern="*{suffix}"/>
    <icon name="{icon}"/>
  </mime-type>"""


def desktop_entry() -> str:
    """By the Desktop Entry Specification. The window's class is the application name that ui/application.py sets."""
    types = "".join(f"{kind};" for _, kind, _ in product.EXCHANGE)
    return filled("desktop", title=product.TITLE, summary=product.SUMMARY, program=product.PROGRAM, types=types)


def metainfo() -> str:
    """By the AppStream specification; the words are those of the README."""
    return filled(
        "metainfo.xml",
        app_id=product.APP_ID,
        licence=product.LICENCE,
        title=product.TITLE,
        summary=product.SUMMARY,
        program=product.PROGRAM,
        terminal=product.TERMINAL,
        types="\n".join(f"    <mediatype>{kind}</mediatype>" for _, kind, _ in product.EXCHANGE),
        version=product.VERSION,
        date=datetime.fromtimestamp(source_date_epoch(), UTC).date().isoformat(),
    )


def mime_types() -> str:
    """By the Shared MIME-info specification."""
    types = [
        _MIME_TYPE.format(type=kind, words=words, suffix=suffix, icon=product.PROGRAM)
        for suffix, kind, words in product.EXCHANGE
    ]
    return filled("mime.xml", types="\n".join(types))


def write_share(share: Path) -> None:
    """Write all of it, with the icons, to where it belongs below `share`, such as /usr/share."""
    _write(share / "applications" / DESKTOP, desktop_entry())
    _write(share / "metainfo" / METAINFO, metainfo())
    _write(share / "mime" / "packages" / MIME, mime_types())
    hicolor = share / "icons" / "hicolor"
    for size in icons.HICOLOR_SIZES:
        picture = hicolor / f"{size}x{size}" / "apps" / f"{product.PROGRAM}.png"
        picture.parent.mkdir(parents=True)
        picture.write_bytes(icons.png(size))
    scalable = hicolor / "scalable" / "apps" / f"{product.PROGRAM}.svg"
    scalable.parent.mkdir(parents=True)
    shutil.copyfile(icons.PICTURE, scalable)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
