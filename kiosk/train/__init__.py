"""Training of clerks: situations that are played with real remotes of the sandbox, and judged by the ledger alone."""
