"""Venues: rooms and halls with their point and how one gets in (C-10)."""

import json
from functools import cache
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from commune_hub.accounts import queries as accounts
from commune_hub.accounts.models import Organisation
from commune_hub.accounts.words import Permission
from commune_hub.base.errors import NotFound
from commune_hub.events import desk, permissions, queries
from commune_hub.events.actions import venues as actions
from commune_hub.events.inputs import VenueDraft
from commune_hub.events.models import Venue
from commune_hub.places.communes import communes, localities
from commune_hub.places.words import PointSource
from commune_hub.speech import telling
from commune_hub.web.i18n import N_, speech
from commune_hub.web.pages.staff import once
from commune_hub.web.pages.staff import staff as pages
from commune_hub.web.pages.staff.forms import Form
from commune_hub.web.request import Problems, actor, ask_again, back_to, db, go, now, say, settings
from commune_hub.web.security import staff
from commune_hub.web.tiles import CLOSEST
from commune_hub.web.tracing import NOBODY, shows

FIELDS = (
    "name", "address", "postcode", "locality", "step_free", "access_note", "bus_stop", "capacity",
    "offered_for_civic", "free_times",
)  # fmt: skip


@pages.get("/places")
@staff(Permission.EDIT_VENUES)
@shows(NOBODY)
def venues() -> ResponseReturnValue:
    """The register: every room with what is known of it."""
    ours = actor().organisation_ids(Permission.EDIT_VENUES)
    several = ours is None or len(ours) > 1
    rows = [
        (one, telling.address_words(one), one.organisation.name if several else "", _is_rough(one))
        for one in queries.venues_of(db(), ours)
    ]
    return render_template("staff/venues.html", rows=rows)


def _is_rough(venue: Venue) -> bool:
    return venue.point_source == PointSource.APPROXIMATE


@pages.route("/places/new", methods=["GET", "POST"])
@staff(Permission.EDIT_VENUES)
@shows(NOBODY)
def new_venue() -> ResponseReturnValue:
    """Add a room or hall."""
    if request.method == "GET":
        return _form(Form({once.FIELD: once.new_form_id()}))
    back_to("staff.venues")
    ask_again(lambda problems: _form(Form(request.form, problems)))
    organisation = _organisation()
    promised = once.promised_id(request.form)
    if desk.venue_made(db(), promised) is None:
        draft = VenueDraft.parse(request.form)
        made = actions.add(db(), draft=draft, organisation=organisation, actor=actor(), now=now(), public_id=promised)
        _say_point(made)
    say(N_("The place is kept."))
    return go("staff.venues")


def _say_point(venue: Venue) -> None:
    if _is_rough(venue):
        say(N_("We know the village, not the door: please set the pin, or the map stays approximate."))


def _our_organisations() -> list[Organisation]:
    return accounts.organisations_in(db(), actor().organisation_ids(Permission.EDIT_VENUES))


def _organisation() -> Organisation:
    ours = _our_organisations()
    if len(ours) == 1:
        return ours[0]
    found = next((one for one in ours if one.public_id == request.form.get("organisation")), None)
    if found is None:
        raise NotFound("organisation")
    return found


@pages.route("/places/<venue_id>", methods=["GET", "POST"])
@staff(Permission.EDIT_VENUES)
@shows(NOBODY)
def edit_venue(venue_id: str) -> ResponseReturnValue:
    """Change what is known of a place; the activities held there follow."""
    found = _venue_of_ours(venue_id)
    if request.method == "GET":
        return _form(Form(_as_it_stands(found)), found)
    back_to("staff.edit_venue", venue_id=venue_id)
    ask_again(lambda problems: _edit_again(venue_id, problems))
    actions.change(db(), venue=found, draft=VenueDraft.parse(request.form), actor=actor(), now=now())
    _say_point(found)
    say(N_("The place is kept."))
    return go("staff.venues")


def _venue_of_ours(venue_id: str) -> Venue:
    found = queries.venue_named(db(), venue_id)
    permissions.must_edit_venue(actor(), found)
    if found.archived_at is not None:
        raise NotFound("venue")
    return found


def _edit_again(venue_id: str, problems: Problems) -> str:
    return _form(Form(request.form, problems), _venue_of_ours(venue_id))


def _as_it_stands(venue: Venue) -> dict[str, Any]:
    values: dict[str, Any] = {name: getattr(venue, name) for name in FIELDS}
    # Only a pin is shown as one: a point that we looked up is looked up again when the address changes.
    if venue.point_source == PointSource.PIN:
        values |= {"lat": round(venue.lat, 6), "lon": round(venue.lon, 6)}
    return values


def _form(form: Form, venue: Venue | None = None) -> str:
    organisations = _our_organisations()
    return render_template(
        "staff/venue_form.html",
        form=form,
        venue=venue,
        rough=venue is not None and _is_rough(venue),
        form_id=form.value(once.FIELD),
        organisations=[(one.public_id, one.name) for one in organisations] if venue is None else [],
        centre=f"{venue.lat:.5f},{venue.lon:.5f}" if venue else "",
        names=_names_on_the_map(speech().code),
        tiles=f"{request.script_root}/tiles/{{z}}/{{x}}/{{y}}.png" if settings().tiles_url else "",
        credit=settings().tiles_attribution,
        closest=CLOSEST,
    )


@cache
def _names_on_the_map(language: str) -> str:
    """Communes and villages with their points: what the map shows where there are no tiles."""
    places = [(one.name(language), one.point) for one in communes()]
    villages = [(one.name, one.point) for one in localities()]
    return json.dumps([[[name, round(p.lat, 4), round(p.lon, 4)] for name, p in some] for some in (places, villages)])


@pages.post("/places/<venue_id>/archive")
@staff(Permission.EDIT_VENUES)
def archive_venue(venue_id: str) -> ResponseReturnValue:
    """Take a place out of the register."""
    back_to("staff.venues")
    actions.close(db(), venue=_venue_of_ours(venue_id), actor=actor(), now=now())
    say(N_("The place is no longer in your list."))
    return go("staff.venues")
