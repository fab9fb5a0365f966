"""What comes out of the kiosk, whatever strings came in."""
