"""Venues, activities, meetings, seats, the waiting list and the listings that the search reads."""
