"""The clerk's console: a program of its own beside the kiosk. It owns no queue; what it decides goes on record."""
