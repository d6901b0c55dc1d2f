"""The demo country: real places, invented organisers, venues and people; never mixed with real data."""
