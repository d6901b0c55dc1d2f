"""People, organisations, roles and permissions; ways to sign in."""
