"""Volunteers: who they are, what they host, training and exchange days, coaching requests and pairs, materials."""
