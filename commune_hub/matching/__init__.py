"""Who suits whom, near whom: the search, and later the pairs."""
