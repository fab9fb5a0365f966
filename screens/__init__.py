"""The screens (Textual). They collect, call `kiosk`, and show the ledger; no money is decided here."""
