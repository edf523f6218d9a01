"""Sound: loudness, joins, mastering, files."""
