"""Venues: rooms and halls with their point and how one gets in (C-10)."""

from flask.typing import ResponseReturnValue

from commune_hub.accounts.words import Permission
from commune_hub.web.pages.staff import staff as pages
from commune_hub.web.security import staff


@pages.route("/places", methods=["GET"])
@staff(Permission.EDIT_VENUES)
def venues() -> ResponseReturnValue:
    return ""


@pages.route("/places/new", methods=["GET", "POST"])
@staff(Permission.EDIT_VENUES)
def new_venue() -> ResponseReturnValue:
    return ""


@pages.route("/places/<venue_id>", methods=["GET", "POST"])
@staff(Permission.EDIT_VENUES)
def edit_venue(venue_id: str) -> ResponseReturnValue:
    return ""


@pages.route("/places/<venue_id>/archive", methods=["POST"])
@staff(Permission.EDIT_VENUES)
def archive_venue(venue_id: str) -> ResponseReturnValue:
    return ""
