"""Reports of a day, a week or a month for the owner: read, compared with the period before, told, drawn and kept."""
