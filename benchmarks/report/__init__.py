"""What a run says: as a table with its targets, as JSON, beside an earlier one, as pictures."""
