"""What people do about coaching, one file per doing."""
