"""The business of the top-up kiosk: orders, ledger, queue, adapters. Knows no screen and no hardware."""
