"""The pages for visitors, learners and volunteers: one blueprint under the language."""

from flask import Blueprint

pages = Blueprint("pages", __name__, url_prefix="/<language:lang>")

from commune_hub.web.pages import account, activity, booking, communes, info, search  # noqa: E402,F401 - they register their routes
