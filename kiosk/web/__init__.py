"""The same screens in a browser, over textual-serve: `kiosk serve`. Each page is a seat with a process of its own."""
