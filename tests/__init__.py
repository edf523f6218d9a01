"""A package with a name of its own: flashy, which AudioCraft needs, installs one of the same name."""
