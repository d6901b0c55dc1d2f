"""The link with the national contract record: linking, attestations, their ledger, certificates from outside."""
