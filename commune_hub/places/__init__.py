"""Where things are: communes, localities, addresses, distances."""
