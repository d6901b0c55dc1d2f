"""What people and programs do with the record: lock, ask the law, change, tell the change."""
