"""Simulated remotes and days: what `kiosk simulate` and the tests run the real kiosk against."""
