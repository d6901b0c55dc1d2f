"""Measurements of what visitors wait for; `./hub bench` runs them all."""
