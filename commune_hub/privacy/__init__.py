"""What a person may ask for and what the law says goes: export, erasing, retention, merging."""
