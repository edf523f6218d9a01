"""The built-in composer: needs no model and runs on any laptop."""
