"""The evaluation as a table, as plots, and as a page that stands by itself."""
