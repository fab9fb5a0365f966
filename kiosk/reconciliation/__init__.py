"""Three-way reconciliation of a day: the ledger, the rails' bills, the providers' lists."""
