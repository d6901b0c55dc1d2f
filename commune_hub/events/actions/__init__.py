"""What people do with activities, meetings and seats: one file per doing."""
