"""Where sockets are opened: mail servers, geocoders."""
