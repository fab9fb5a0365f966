"""The business of the top-up kiosk: orders, ledger, queue, adapters. Knows no screen and no hardware."""

SCREENS_LEFT = 75
"""The exit code of screens that a clerk closed with the PIN. Any other one is a death, and they are started again."""
