"""Mail and text messages: what they say, how they look, what envelope they travel in."""
