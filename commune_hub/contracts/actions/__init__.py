"""What people and the record do: link, take back, attest, hand in, decide."""
