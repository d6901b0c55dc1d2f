"""What people do with volunteers, one file per doing."""
