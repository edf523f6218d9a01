"""`python -m bundling FLAVOUR`: the installers of one flavour, for the system that this runs on; into dist."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from bundling.building import build
from bundling.failure import BundleError
from bundling.product import FLAVOURS


def main(arguments: Sequence[str]) -> int:
    """Returns the exit code."""
    (name,) = arguments
    try:
        build(FLAVOURS[name])
    except BundleError as error:
        print(f"FAILED: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
