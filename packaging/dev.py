"""Set up, run and test MusicMed Desktop; needs Python 3.11 or newer and nothing else.

This file alone must load in older Pythons too, so that they can say what is wrong.
"""

import sys

OLDEST_PYTHON = (3, 11)


def main() -> int:
    if sys.version_info < OLDEST_PYTHON:
        print(
            "MusicMed Desktop needs Python 3.11 or newer, and this is Python %d.%d. " % sys.version_info[:2]  # noqa: UP031
            + "Get a newer one from https://www.python.org/downloads/ and start this command with it, "
            + "for example: python3.13 packaging/dev.py run"
        )
        return 2
    from devtools.commands import dispatch

    return dispatch(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
