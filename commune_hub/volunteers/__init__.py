"""Volunteers: those who host tables and coach. For now only their words."""
