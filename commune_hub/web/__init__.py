"""The door for people and programs: Flask, flask-login, flask-babel and folium live here and only here."""
