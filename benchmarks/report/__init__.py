"""A run as tables with targets, as JSON, compared with an earlier run, as pictures."""
