"""The hardware: printers, scanners and their simulated twins."""
