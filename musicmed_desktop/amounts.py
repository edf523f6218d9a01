"""Amounts of bytes as people say them, in powers of 1000, as disks and networks are sold."""

from __future__ import annotations

_UNITS = ("bytes", "kB", "MB", "GB", "TB")


def amount(size: float) -> str:
    """`size` bytes: 850 bytes, 12 kB, 2.4 GB."""
    number, unit = _measured(size)
    return f"{number} {unit}"


def amount_of(done: float, total: float) -> str:
    """How much is `done` of `total` bytes: 1.2 of 2.4 GB; 850 MB of 2.4 GB."""
    number, unit = _measured(done)
    whole, of = _measured(total)
    return f"{number} of {whole} {of}" if unit == of else f"{number} {unit} of {whole} {of}"


def _measured(size: float) -> tuple[str, str]:
    """From megabytes on with a digit after the point, so that one sees it go on."""
    number, power = float(size), 0
    while number >= 999.5 and power < len(_UNITS) - 1:
        number, power = number / 1000, power + 1
    fine = power >= 2 and number < 99.95
    return f"{number:.1f}" if fine else f"{number:.0f}", _UNITS[power]
