"""Where things lie: the resources that come with the program."""

from pathlib import Path

_PACKAGE = Path(__file__).parent


def resource(name: str) -> Path:
    """Path of `name` in resources/, in a wheel (inside the package) as in a checkout (beside it)."""
    installed = _PACKAGE / "resources" / name
    return installed if installed.exists() else _PACKAGE.parent / "resources" / name
