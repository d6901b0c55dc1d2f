"""The cellar: database, errors, outbox, ids, encryption and password hashing, without a word of the domain."""
