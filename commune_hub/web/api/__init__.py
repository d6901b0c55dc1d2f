"""What programs ask: health, and later the data interface."""

from flask import Blueprint

plain = Blueprint("plain", __name__)

from commune_hub.web.api import certificates, dev_mailbox, health, short, unsubscribe  # noqa: E402,F401 - they register their routes
