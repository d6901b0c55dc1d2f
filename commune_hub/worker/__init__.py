"""The worker: carries out what the outbox holds, over real sockets, at least once."""
