"""Rooms for civic courses: a commune says when one is free, a provider takes it or says why not."""


from flask import render_template, request
from flask.typing import ResponseReturnValue

from commune_hub.accounts.words import Permission
from commune_hub.events import permissions, queries
from commune_hub.events.actions import venue_offers as actions
from commune_hub.events.course_inputs import OfferDraft, ReasonDraft, TakeDraft
from commune_hub.events.models import Activity, Venue
from commune_hub.events.records import VenueOffer
from commune_hub.events.words import VenueOfferState
from commune_hub.speech import dates, telling
from commune_hub.speech.sentences import VENUE_OFFER_STATE
from commune_hub.web.i18n import N_, _, speech
from commune_hub.web.pages.staff import staff as pages
from commune_hub.web.pages.staff.forms import Form
from commune_hub.web.request import Problems, actor, ask_again, back_to, db, go, now, say
from commune_hub.web.security import staff
from commune_hub.web.tracing import NOBODY, shows

TAG = {
    VenueOfferState.OPEN: "info", VenueOfferState.TAKEN: "ok", VenueOfferState.REFUSED: "bad",
    VenueOfferState.WITHDRAWN: "",
}  # fmt: skip


@pages.route("/places/<venue_id>/offers", methods=["GET", "POST"])
@staff(Permission.EDIT_VENUES)
@shows(NOBODY)
def venue_offers(venue_id: str) -> ResponseReturnValue:
    """When this place is free for civic courses, and what became of each time."""
    found = _venue(venue_id)
    if request.method == "GET":
        return _page(found, {})
    back_to("staff.venue_offers", venue_id=venue_id)
    ask_again(lambda problems: _page(_venue(venue_id), problems))
    actions.offer_time(db(), venue=found, draft=OfferDraft.parse(request.form), actor=actor(), now=now())
    say(N_("The time is offered. The authority and the providers see it."))
    return go("staff.venue_offers", venue_id=venue_id)


def _venue(venue_id: str) -> Venue:
    found = queries.venue_named(db(), venue_id)
    permissions.must_edit_venue(actor(), found)
    return found


def _page(found: Venue, problems: Problems) -> str:
    return render_template(
        "staff/venue_offers.html",
        venue=found,
        address=telling.address_words(found),
        rows=[
            {
                "id": one.public_id,
                "when": _when(one),
                "state": _(VENUE_OFFER_STATE[VenueOfferState(one.state)]),
                "kind": TAG[VenueOfferState(one.state)],
                "by": one.taken_by.name if one.taken_by else "",
                "reason": one.reason,
                "is_open": one.state == VenueOfferState.OPEN,
                "activity": _announced(one),
            }
            for one in actions.offers_of(db(), found)
        ],
        form=Form(request.form if problems else {"starts": "09:00", "ends": "12:00"}, problems),
    )


def _when(offer: VenueOffer) -> str:
    return dates.period_when(offer.starts_at, offer.ends_at, speech())


def _announced(offer: VenueOffer) -> str:
    """The course that was made of it, for its co-organiser to announce."""
    activity = db().get(Activity, offer.activity_id) if offer.activity_id else None
    return activity.public_id if activity and permissions.can_edit(actor(), activity) else ""


@pages.post("/offers/<offer_id>/withdraw")
@staff(Permission.EDIT_VENUES)
def withdraw_offer(offer_id: str) -> ResponseReturnValue:
    """Take a free time back."""
    found = actions.offer_named(db(), offer_id)
    venue_id = found.venue.public_id
    back_to("staff.venue_offers", venue_id=venue_id)
    actions.withdraw(db(), offer=found, actor=actor(), now=now())
    say(N_("The time is no longer offered."))
    return go("staff.venue_offers", venue_id=venue_id)


@pages.get("/offered-places")
@staff(Permission.TAKE_VENUES)
@shows(NOBODY)
def offered_places() -> ResponseReturnValue:
    """Every place that is offered, when it is free, how many signatories live near."""
    return _table({})


def _table(problems: Problems) -> str:
    organisations = actions.takers(db(), actor())
    return render_template(
        "staff/offered_places.html",
        places=[
            {
                "name": row.venue.name,
                "id": row.venue.public_id,
                "address": telling.address_words(row.venue),
                "commune": row.venue.organisation.name,
                "near": speech().number(row.near) if row.near is not None else _("fewer than 5"),
                "capacity": row.venue.capacity,
                "times": [(one.public_id, _when(one)) for one in row.offers],
            }
            for row in actions.on_offer(db(), now())
        ],
        organisations=[(one.public_id, one.name) for one in organisations],
        form=Form(request.form, problems),
        tags=[(tag, speech().language_name(tag)) for tag in ("lb", "fr", "de", "pt", "en")],
    )


@pages.post("/offered-places/take")
@staff(Permission.TAKE_VENUES)
def take_offers() -> ResponseReturnValue:
    """Make a draft of a civic course of the free times that are ticked."""
    back_to("staff.offered_places")
    ask_again(_table)
    draft = TakeDraft.parse(request.form)
    made = actions.take(
        db(), draft=draft, organisation_id=request.form.get("organisation", ""), actor=actor(), now=now()
    )
    say(N_("There is a draft of the course. The commune can announce it too."))
    if permissions.can_edit(actor(), made):
        return go("staff.course", activity_id=made.public_id)
    return go("staff.offered_places")


@pages.post("/offers/<offer_id>/refuse")
@staff(Permission.TAKE_VENUES)
def refuse_offer(offer_id: str) -> ResponseReturnValue:
    """Not wanted, and why."""
    back_to("staff.offered_places")
    ask_again(_table)
    found = actions.offer_named(db(), offer_id)
    actions.refuse(db(), offer=found, reason=ReasonDraft.parse(request.form).reason, actor=actor(), now=now())
    say(N_("The commune reads the reason."))
    return go("staff.offered_places")
