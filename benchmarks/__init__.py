"""One script a figure, each against a peer or a limit in the same run. They print a ratio; absolute times here are noise."""
