"""Meetings as schema.org events, for search engines that show dates."""

from collections.abc import Iterable
from typing import Any

from commune_hub.base.words import LOCAL
from commune_hub.events.listings import free_seats
from commune_hub.events.models import Activity, Meeting, Venue
from commune_hub.events.words import AttendanceMode, MeetingState, RegistrationBy
from commune_hub.speech import telling
from commune_hub.speech.catalogues import Speech
from commune_hub.web.pages.parts import short_url

_MODES = {
    AttendanceMode.ON_SITE: "https://schema.org/OfflineEventAttendanceMode",
    AttendanceMode.ONLINE: "https://schema.org/OnlineEventAttendanceMode",
    AttendanceMode.BOTH: "https://schema.org/MixedEventAttendanceMode",
}


def events_of(activity: Activity, meetings: Iterable[Meeting], speech: Speech) -> list[dict[str, Any]]:
    """One Event for each meeting; whoever prints it escapes it for a script (`tojson`)."""
    return [_event(activity, meeting, speech) for meeting in meetings]


def _event(activity: Activity, meeting: Meeting, speech: Speech) -> dict[str, Any]:
    url = short_url("activity", activity_id=activity.public_id)
    cancelled = meeting.state == MeetingState.CANCELLED
    event: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": telling.title_of(activity, speech),
        "description": telling.summary(activity, speech),
        "startDate": meeting.starts_at.astimezone(LOCAL).isoformat(),
        "endDate": meeting.ends_at.astimezone(LOCAL).isoformat(),
        "eventStatus": f"https://schema.org/Event{'Cancelled' if cancelled else 'Scheduled'}",
        "eventAttendanceMode": _MODES[AttendanceMode(activity.attendance_mode)],
        "inLanguage": list(activity.tags),
        "isAccessibleForFree": activity.free_of_charge,
        "url": url,
        "location": _place(meeting.venue, url),
        "organizer": _organiser(activity),
    }
    seats_are_ours = activity.capacity is not None and activity.registration_by == RegistrationBy.HUB
    if seats_are_ours:
        event["maximumAttendeeCapacity"] = activity.capacity
        event["remainingAttendeeCapacity"] = free_seats(meeting.pool)
    if activity.free_of_charge or activity.price_cents is not None:
        sold_out = seats_are_ours and not free_seats(meeting.pool)
        event["offers"] = {
            "@type": "Offer",
            "price": f"{(0 if activity.free_of_charge else activity.price_cents or 0) / 100:.2f}",
            "priceCurrency": "EUR",
            "availability": f"https://schema.org/{'SoldOut' if sold_out else 'InStock'}",
            "url": url,
        }
    return event


def _place(venue: Venue | None, url: str) -> dict[str, Any]:
    if venue is None:
        return {"@type": "VirtualLocation", "url": url}
    address = {
        "@type": "PostalAddress",
        "streetAddress": venue.address,
        "postalCode": venue.postcode,
        "addressLocality": venue.locality,
        "addressCountry": "LU",
    }
    return {
        "@type": "Place",
        "name": venue.name,
        "address": {key: value for key, value in address.items() if value},
        "geo": {"@type": "GeoCoordinates", "latitude": venue.lat, "longitude": venue.lon},
    }


def _organiser(activity: Activity) -> dict[str, Any]:
    organiser = {"@type": "Organization", "name": activity.organisation.name, "url": activity.organisation.website}
    return {key: value for key, value in organiser.items() if value}
