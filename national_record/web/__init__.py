"""The two doors of the record: the HTTP interface for programs and the screen for agents."""
