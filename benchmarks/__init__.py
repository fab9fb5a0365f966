"""One script a figure, each against a peer or a limit in the same run, printing the ratio: absolute times are noise."""
