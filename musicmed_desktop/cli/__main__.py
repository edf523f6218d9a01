import sys

from musicmed_desktop.cli import main

sys.exit(main())
