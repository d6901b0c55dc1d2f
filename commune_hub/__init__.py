"""commune-hub: find language practice near home, take a seat, and run it all for a commune."""

__version__ = "0.1.0"
