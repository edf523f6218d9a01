"""A session: the plan becomes sound, measured and kept."""
