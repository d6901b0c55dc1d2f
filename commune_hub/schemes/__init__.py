"""The integration schemes of the law, as data with a source per rule (words only, until contracts are linked)."""
