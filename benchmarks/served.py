"""The two apps that results_page.py puts behind a server."""

from benchmarks.country import NOW
from benchmarks.results_page import bare_app
from commune_hub.app import create_app

app = create_app(clock=lambda: NOW)
bare = bare_app()
