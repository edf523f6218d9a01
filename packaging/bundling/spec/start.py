"""Where a bundle starts: the window, the terminal's program by its name, or one of the program's own modules."""

import multiprocessing
import os
import runpy
import sys
from pathlib import Path

_OWN = "musicmed_desktop."


def main() -> int:
    """Returns the exit code."""
    multiprocessing.freeze_support()
    _forget_own_libraries()
    if sys.argv[1:2] == ["-m"] and sys.argv[2:3] and sys.argv[2].startswith(_OWN):
        # As Python does it; the program starts some of its work in processes of their own.
        module = sys.argv[2]
        del sys.argv[1:3]
        runpy.run_module(module, run_name="__main__", alter_sys=True)
        return 0
    if Path(sys.argv[0]).stem == "musicmed":
        from musicmed_desktop.cli import main as terminal

        return terminal()
    from musicmed_desktop.app import main as window

    return window()


def _forget_own_libraries() -> None:
    """The bootloader leads the system's loader to the bundle's libraries, and that is read once, as a process starts.
    Programs that are started from here, such as the one that shows a folder, need the system's own."""
    own = getattr(sys, "_MEIPASS", None)
    for name in ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"):
        original = os.environ.pop(f"{name}_ORIG", None)
        if original is not None:
            os.environ[name] = original
        elif own and own in os.environ.get(name, ""):
            del os.environ[name]


if __name__ == "__main__":
    sys.exit(main())
