"""What is done for each kind of job. Every handler may run twice for the same job, and does no harm then."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from commune_hub.accounts import stale
from commune_hub.base import outbox
from commune_hub.base.words import LOCAL
from commune_hub.events import listings, queries
from commune_hub.events.actions import seats, venues
from commune_hub.matching.alerts import forget as forget_alerts
from commune_hub.places import queries as places
from commune_hub.places.geo import Point
from commune_hub.places.geocoding import AskedAddress, Geocoder, GeocoderDown
from commune_hub.places.words import PointSource
from commune_hub.volunteers.actions import qualifying
from commune_hub.worker import (
    alerts,
    certificates,
    coaching,
    contract_mails,
    contracts,
    courses,
    groups,
    messages,
    offers,
    questions,
    reports,
    retention,
    seasons,
    volunteers,
)
from commune_hub.worker.messages import told_by
from commune_hub.worker.work import Failed, Task, Work

JOBS_KEPT = timedelta(days=60)
_NUMBER_FIRST = re.compile(r"(?P<number>\d+\s?[A-Za-z]?)\s*,?\s+(?P<street>\D.*)")
_NUMBER_LAST = re.compile(r"(?P<street>.*\D)[\s,]+(?P<number>\d+\s?[A-Za-z]?)")


def fill_seats(work: Work, task: Task) -> None:
    """A reservation has ended: the free seats go to those who wait."""
    with work.store.writing() as session:
        seats.fill_named(session, pool_id=task.ids["pool"], now=task.now)


def offer_ends(work: Work, task: Task) -> None:
    """The time to answer is over: a seat that nobody took goes to the next."""
    with work.store.writing() as session:
        signup = queries.signup_named(session, task.ids["signup"])
        seats.end_offer(session, signup=signup, now=task.now)


def locate_venue(work: Work, task: Task) -> None:
    """A better point for a venue, asked without holding the database. Raises Failed while the geocoders are down."""
    with work.store.reading() as session:
        venue = queries.venue_named(session, task.ids["venue"])
        if venue.point_source != PointSource.APPROXIMATE:
            return
        before = (venue.address, venue.postcode, venue.locality)
        watched = [_Watched(geocoder) for geocoder in work.geocoders]
        located = places.locate(session, _asked(*before, lau2=venue.lau2), watched)
    if located is not None and located.source != PointSource.APPROXIMATE:
        with work.store.writing() as session:
            venue = queries.venue_named(session, task.ids["venue"])
            # Somebody may have typed another address meanwhile, which has a job of its own.
            if (venue.address, venue.postcode, venue.locality) == before:
                venues.set_point(session, venue=venue, point=located.point, source=located.source)
    elif any(geocoder.down for geocoder in watched):
        raise Failed("no geocoder answers")


@dataclass
class _Watched:
    """A geocoder, and whether it was down: who asks them in turn does not say so."""

    inner: Geocoder
    down: bool = False

    @property
    def name(self) -> str:
        return self.inner.name

    @property
    def countries(self) -> frozenset[str]:
        return self.inner.countries

    def locate(self, address: AskedAddress) -> Point | None:
        try:
            return self.inner.locate(address)
        except GeocoderDown:
            self.down = True
            raise


def _asked(address: str, postcode: str, locality: str, *, lau2: str) -> AskedAddress:
    """An address as it is typed into one field, "4, rue de la Poste" or "Hauptstraße 4", in its parts."""
    parts = _NUMBER_FIRST.fullmatch(address.strip()) or _NUMBER_LAST.fullmatch(address.strip())
    street, number = (parts["street"].strip(" ,"), parts["number"].replace(" ", "")) if parts else (address, "")
    return AskedAddress(street=street, number=number, postcode=postcode, locality=locality, lau2=lau2)


def attendance_changed(work: Work, task: Task) -> None:
    """A roll is finished or was corrected: certificates, and what qualifies volunteers, follow."""
    certificates.attendance_changed(work, task)
    volunteers.attendance_changed(work, task)


def housekeeping(work: Work, task: Task) -> None:
    """Every night: what nobody needs any more goes, each part in a transaction of its own."""
    with work.store.writing() as session:
        listings.forget_past(session, task.now)
    courses.rewrite_areas(work, task)
    with work.store.writing() as session:
        stale.forget_stale(session, now=task.now)
    with work.store.writing() as session:
        forget_alerts(session, now=task.now)
    morning = task.now.astimezone(LOCAL).replace(hour=7, minute=30, second=0, microsecond=0)
    with work.store.writing() as session:
        outbox.enqueue(session, "alerts_daily", due_at=morning, now=task.now, key=f"alerts_daily:{morning.date()}")
        if morning.weekday() == 0:
            outbox.enqueue(session, "pairs_digest", due_at=morning, now=task.now, key=f"pairs_digest:{morning.date()}")
    with work.store.writing() as session:
        day = task.now.astimezone(LOCAL).date()
        outbox.enqueue(session, "season_questions", due_at=task.now, now=task.now, key=f"season_questions:{day}")
    with work.store.writing() as session:
        day = task.now.astimezone(LOCAL).date()
        outbox.enqueue(session, "retention_daily", due_at=task.now, now=task.now, key=f"retention_daily:{day}")
    with work.store.writing() as session:
        qualifying.remind(session, now=task.now)
    if (thursday := offers.due_today(task.now)) is not None:
        with work.store.writing() as session:
            key = f"weekly_offers:{thursday.date()}"
            outbox.enqueue(session, "weekly_offers", due_at=thursday, now=task.now, key=key)
    with work.store.writing() as session:
        outbox.forget(session, before=task.now - JOBS_KEPT)


# These wait in the outbox while no mail server is set.
MESSAGES: dict[str, Callable[[Work, Task], None]] = {
    "signup_mail": told_by(messages.signed_up),
    "signup_cancelled_mail": told_by(messages.gave_back),
    "seat_given_mail": told_by(messages.seat_given),
    "seat_offered_mail": told_by(messages.seat_offered),
    "offer_ran_out_mail": told_by(messages.offer_ran_out),
    "meeting_cancelled_mail": told_by(messages.meeting_cancelled),
    "meeting_moved_mail": told_by(messages.meeting_moved),
    "reminder": told_by(messages.reminder),
    "no_show_mail": told_by(messages.no_show),
    "season_mail": told_by(seasons.many_dates_mail),
    "sign_in_code": told_by(messages.sign_in_code),
    "course_confirmed_mail": told_by(courses.confirmed),
    "course_postponed_mail": told_by(courses.postponed),
    "module_replaced_mail": told_by(courses.module_replaced),
    "offer_taken_mail": told_by(courses.offer_taken),
    "offer_refused_mail": told_by(courses.offer_refused),
    "orientation_invitation_mail": told_by(courses.invitation),
    "invitation_mail": messages.invitation_mail,
    "role_given_mail": told_by(messages.role_given),
    "second_factor_mail": told_by(messages.second_factor),
    "problem_report": reports.problem_report,
    "group_mail": told_by(groups.group_mail),
    "season_question_mail": told_by(questions.season_question_mail),
    "alert_asked_mail": told_by(alerts.asked_mail),
    "alert_mail": told_by(alerts.alert_mail),
    "certificate_mail": told_by(certificates.issued_mail),
    "certificate_void_mail": told_by(certificates.void_mail),
    "coaching_asked_mail": told_by(coaching.asked_mail),
    "pair_proposed_mail": told_by(coaching.proposed_mail),
    "pair_reminder_mail": told_by(coaching.reminder_mail),
    "pair_not_made_mail": told_by(coaching.not_made_mail),
    "pair_accepted_mail": told_by(coaching.accepted_mail),
    "pair_date_mail": told_by(coaching.date_mail),
    "pair_called_off_mail": told_by(coaching.called_off_mail),
    "pair_log_mail": told_by(coaching.log_mail),
    "pair_confirm_mail": told_by(coaching.confirm_mail),
    "pair_message_mail": told_by(coaching.message_mail),
    "pair_paused_mail": told_by(coaching.paused_mail),
    "pair_goes_on_mail": told_by(coaching.goes_on_mail),
    "pair_ended_mail": told_by(coaching.ended_mail),
    "pairs_digest_mail": told_by(coaching.digest_mail),
    "contract_answer_mail": told_by(contract_mails.answer_mail),
    "attestation_decided_mail": told_by(contract_mails.decided_mail),
    "outside_decided_mail": told_by(contract_mails.paper_mail),
    "offers_mail": told_by(offers.offers_mail),
    "volunteer_announced_mail": told_by(volunteers.announced),
    "host_assigned_mail": told_by(volunteers.assigned),
    "stand_in_asked_mail": told_by(volunteers.asked_to_stand_in),
    "stand_in_found_mail": told_by(volunteers.stand_in_found),
    "host_cannot_mail": told_by(volunteers.host_cannot),
    "host_found_mail": told_by(volunteers.host_found),
    "qualification_ends_mail": told_by(volunteers.qualification_ends),
    "volunteer_letter_mail": told_by(volunteers.from_asti),
}
# These have a lane of their own: a record that answers slowly keeps no mail waiting.
RECORD: dict[str, Callable[[Work, Task], None]] = {
    "contract_question": contracts.contract_question,
    "attestation_send": contracts.attestation_send,
    "contract_standing": contracts.contract_standing,
    "record_changes": contracts.record_changes,
}
HANDLERS: dict[str, Callable[[Work, Task], None]] = MESSAGES | RECORD | {
    "contract_question_ends": contracts.contract_question_ends,
    "forget_question": contracts.forget_question,
    "certificate_changed": contracts.certificate_changed,
    "convention_confirmed": contracts.convention_confirmed,
    "attest_earlier": contracts.attest_earlier,
    "weekly_offers": offers.weekly_offers,
    "fill_seats": fill_seats,
    "offer_ends": offer_ends,
    "decide_course": courses.decide_course,
    "locate_venue": locate_venue,
    "housekeeping": housekeeping,
    "retention_daily": retention.retention_daily,
    "alerts_daily": alerts.alerts_daily,
    "attendance_changed": attendance_changed,
    "certificates_prepare": certificates.prepare,
    "certificates_issue": certificates.issue,
    "season_questions": questions.season_questions,
    "pair_runs_out": coaching.runs_out,
    "pairs_digest": coaching.monday_digest,
}
