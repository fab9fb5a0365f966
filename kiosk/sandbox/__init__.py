"""A faithful local stand-in of the remote APIs, over real HTTP, on its own books. It never touches the real ones.

It refuses what the real thing refuses, and its faults can be rehearsed by anyone (`knobs`). It knows nothing of the
kiosk: it may import neither the adapters that talk to it nor the core.
"""
