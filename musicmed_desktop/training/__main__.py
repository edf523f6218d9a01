"""What `accelerate launch -m musicmed_desktop.training` starts in every process: the command `musicmed train`."""

from __future__ import annotations

import sys

from musicmed_desktop.cli import main

if __name__ == "__main__":
    sys.exit(main(["train", *sys.argv[1:]]))
