"""The reference national record: plays the national contract register next door to the hub, in a house of its own."""
