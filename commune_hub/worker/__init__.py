"""The worker: takes jobs from the outbox and speaks with the outside."""
