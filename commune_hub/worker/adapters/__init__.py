"""Where sockets are opened: mail, geocoders, downloads."""
