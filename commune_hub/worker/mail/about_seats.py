"""What people are told about their seats: one function for each event, plain sentences, no blame."""

from dataclasses import dataclass
from datetime import datetime

from commune_hub.base.words import LOCAL
from commune_hub.events.calendars import Method
from commune_hub.events.models import Meeting, Signup
from commune_hub.events.words import AttendanceMode, CancelReason, SignupMode
from commune_hub.speech import dates, telling
from commune_hub.speech.catalogues import N_, Speech
from commune_hub.speech.sentences import CANCEL_REASON
from commune_hub.worker.mail.letter import Letter, Sender

Calendar = tuple[Method, bytes]


@dataclass(frozen=True, slots=True)
class Booking:
    """One sign-up and one of its dates, in the words of the person who signed up."""

    speech: Speech
    sender: Sender
    name: str
    url: str
    activity_url: str
    no_reminders_url: str
    when: str
    place: str
    facts: tuple[tuple[str, str], ...]
    online: tuple[tuple[str, str], ...]
    drop_in: bool
    course: bool
    calendar: Calendar | None = None

    @classmethod
    def of(cls, signup: Signup, meeting: Meeting, speech: Speech, *, base_url: str) -> "Booking":
        """Read from the rows while their session is open."""
        activity, venue = signup.pool.activity, meeting.venue
        on_site = activity.attendance_mode != AttendanceMode.ONLINE
        place = telling.place_words(activity, venue, speech)
        facts = [
            (speech.say(N_("What")), telling.title_of(activity, speech)),
            (speech.say(N_("Language")), telling.language_names(activity.tags, speech)),
            (speech.say(N_("When")), dates.meeting_when(meeting, speech)),
            (speech.say(N_("Where")), place),
        ]
        if on_site and venue is not None and venue.address:
            facts.append((speech.say(N_("Address")), telling.address_words(venue)))
        if len(signup.pool.meetings) > 1:
            facts.insert(3, (speech.say(N_("All dates")), dates.rhythm(activity, speech)))
        return cls(
            speech=speech,
            sender=Sender.of(activity.organisation, mail=activity.contact_mail, phone=activity.contact_phone),
            name=signup.person.name,
            url=f"{base_url}/{speech.code}/b/{signup.link_key}",
            no_reminders_url=f"{base_url}/b/{signup.link_key}/no-reminders",
            activity_url=f"{base_url}/{speech.code}/a/{activity.public_id}",
            when=_short(meeting.starts_at.astimezone(LOCAL), speech),
            place=place,
            facts=tuple(facts),
            online=((speech.say(N_("Online at")), activity.online_url),) if activity.online_url else (),
            drop_in=activity.signup == SignupMode.DROP_IN,
            course=len(signup.pool.meetings) > 1,
        )  # fmt: skip

    @property
    def short_url(self) -> str:
        """The address as it stands in a text message: phones make a link of it without the first part."""
        return self.url.removeprefix("https://")


def _short(local: datetime, speech: Speech) -> str:
    return speech.say(N_("%(days)s, %(times)s"), days=speech.day(local.date()), times=speech.clock(local))


def seat(booking: Booking) -> Letter:
    """Somebody has taken a seat."""
    if booking.drop_in:
        return letter_about(
            booking, N_("You are coming: %(when)s"), N_("You are coming"),
            N_("%(organiser)s: You are coming. %(when)s, %(place)s. Changed your mind? %(url)s"),
            [N_("Good that you are coming."), N_("You cannot come after all? Please tell us with the button.")],
            holds_seat=True,
        )  # fmt: skip
    return letter_about(
        booking, N_("You have a seat: %(when)s"), N_("You have a seat"),
        N_("%(organiser)s: You have a seat. %(when)s, %(place)s. You cannot come? %(url)s"),
        [N_("Good that you are coming."), _PASS_IT_ON], holds_seat=True,
    )  # fmt: skip


def waiting(booking: Booking, position: int) -> Letter:
    """Somebody waits for a seat."""
    return letter_about(
        booking, N_("You are on the waiting list: %(when)s"), N_("You are on the waiting list"),
        N_("%(organiser)s: You are number %(number)s on the waiting list. %(when)s, %(place)s. %(url)s"),
        [
            N_("All seats are taken. You are number %(number)s on the waiting list."),
            N_("We write to you as soon as a seat is free."),
        ],
        number=booking.speech.number(position),
    )  # fmt: skip


def enrolled(booking: Booking, decided: datetime) -> Letter:
    """Somebody has enrolled in a course whose seats are given to all at one moment."""
    return letter_about(
        booking, N_("You have enrolled: %(when)s"), N_("You have enrolled"),
        N_("%(organiser)s: You have enrolled. The seats are given on %(day)s, then we write to you. %(url)s"),
        [N_("The seats are given on %(day)s. Then we write to you."), N_("You need not do anything until then.")],
        day=booking.speech.long_day(decided.astimezone(LOCAL).date()),
    )  # fmt: skip


def seat_given(booking: Booking) -> Letter:
    """A seat became free for somebody who waited."""
    return letter_about(
        booking, N_("A seat is free for you: %(when)s"), N_("A seat is free. It is yours."),
        N_("%(organiser)s: A seat is free, it is yours. %(when)s, %(place)s. You cannot come? %(url)s"),
        [N_("You were on the waiting list. Now you have a seat."), _PASS_IT_ON], holds_seat=True,
    )  # fmt: skip


def seat_offered(booking: Booking, until: datetime) -> Letter:
    """A seat is kept for somebody who waits, who has to say yes in time."""
    speech = booking.speech
    return letter_about(
        booking, N_("Do you want this seat? %(when)s"), N_("A seat is free. Do you want it?"),
        N_("%(organiser)s: A seat is free. %(when)s, %(place)s. Say yes until %(until)s: %(url)s"),
        [
            N_("You were on the waiting list. We keep a seat for you until %(until)s."),
            N_("Please say yes or no with the button. Without an answer somebody else gets the seat."),
        ],
        button=(N_("Say yes or no"), booking.url),
        until=_short(until.astimezone(LOCAL), speech),
    )  # fmt: skip


def offer_ran_out(booking: Booking) -> Letter:
    """Nobody said yes in time."""
    return letter_about(
        booking, N_("The seat is no longer kept: %(when)s"), N_("The seat is no longer kept"),
        N_("%(organiser)s: The seat of %(when)s, %(place)s is no longer kept for you. Other dates: %(dates)s"),
        [
            N_("We had no answer from you, so somebody else gets the seat."),
            N_("Perhaps another date suits you."),
        ],
        button=(N_("See the other dates"), booking.activity_url),
    )  # fmt: skip


def taken_off(booking: Booking) -> Letter:
    """The organiser has taken somebody off the list; the reason stands on the page of the booking."""
    return letter_about(
        booking, N_("You are no longer signed up: %(when)s"), N_("You are no longer signed up"),
        N_("%(organiser)s: We took you off the list of %(when)s, %(place)s. The reason: %(url)s"),
        [N_("The organiser took you off the list."), N_("You can read the reason on the page of your booking.")],
        button=(N_("Read the reason"), booking.url),
    )  # fmt: skip


def given_back(booking: Booking) -> Letter:
    """Somebody no longer comes, and said so."""
    return letter_about(
        booking, N_("You are no longer signed up: %(when)s"), N_("You are no longer signed up"),
        N_("%(organiser)s: You are no longer signed up for %(when)s, %(place)s. Other dates: %(dates)s"),
        [N_("Thank you for telling us."), N_("Was it a mistake? You can sign up again.")],
        button=(N_("See the other dates"), booking.activity_url),
    )  # fmt: skip


def meeting_cancelled(booking: Booking, reason: CancelReason | None) -> Letter:
    """The organiser has cancelled a date."""
    why = booking.speech.say(CANCEL_REASON[reason or CancelReason.OTHER])
    more = N_("The other dates of the course take place.") if booking.course else N_("Perhaps another date suits you.")
    return letter_about(
        booking, N_("Cancelled: %(when)s"), N_("This date is cancelled"),
        N_("%(organiser)s: Cancelled: %(when)s, %(place)s. Reason: %(why)s. Other dates: %(dates)s"),
        [N_("Please do not come. We are sorry."), N_("Reason: %(why)s."), more],
        button=(N_("See the other dates"), booking.activity_url), why=why,
    )  # fmt: skip


def meeting_moved(booking: Booking, *, holds_seat: bool) -> Letter:
    """The organiser has moved a date in time or place."""
    stays = N_("You keep your seat.") if holds_seat else N_("You keep your place on the waiting list.")
    return letter_about(
        booking, N_("New time or place: %(when)s"), N_("The time or the place is new"),
        N_("%(organiser)s: New time or place: %(when)s, %(place)s. You cannot come? %(url)s"),
        [N_("Please note the new time and place."), stays, N_("You cannot come? Please tell us with the button.")],
        holds_seat=holds_seat,
    )  # fmt: skip


def reminder(booking: Booking) -> Letter:
    """It is the evening before."""
    return letter_about(
        booking, N_("Do not forget: %(when)s"), N_("Do not forget"),
        N_("%(organiser)s: Do not forget: %(when)s, %(place)s. You cannot come? %(url)s"),
        [N_("We look forward to seeing you."), _PASS_IT_ON],
        holds_seat=True, unsubscribe=booking.no_reminders_url,
        footer=[N_("You want no reminders? You can say so on the page of your booking.")],
    )  # fmt: skip


def asking_reminder(booking: Booking) -> Letter:
    """The same for somebody who did not come once: do they come this time?"""
    return letter_about(
        booking, N_("Do you come? %(when)s"), N_("Do you come?"),
        N_("%(organiser)s: Do you come? %(when)s, %(place)s. You cannot come? %(url)s"),
        [N_("Your seat is kept for you. If you come, you need not do anything."), _PASS_IT_ON],
        holds_seat=True, unsubscribe=booking.no_reminders_url,
        footer=[N_("You want no reminders? You can say so on the page of your booking.")],
    )  # fmt: skip


def no_show(booking: Booking) -> Letter:
    """Friendly words for somebody who did not come and said nothing."""
    return letter_about(
        booking, N_("We missed you: %(when)s"), N_("We missed you"),
        N_("%(organiser)s: We missed you, %(when)s. Next time you cannot come, one tap is enough: %(dates)s"),
        [
            N_("You had a seat and could not come. That happens."),
            N_("Next time, please tell us with one tap in the message. Then somebody else gets your seat."),
            N_("We look forward to seeing you."),
        ],
        button=(N_("See the other dates"), booking.activity_url), unsubscribe=booking.no_reminders_url,
    )  # fmt: skip


_PASS_IT_ON = N_("You cannot come? Please tell us with the button, then somebody else gets your seat.")


def letter_about(
    booking: Booking,
    subject: str,
    heading: str,
    sms: str,
    paragraphs: list[str],
    *,
    holds_seat: bool = False,
    button: tuple[str, str] | None = None,
    footer: list[str] | None = None,
    unsubscribe: str = "",
    **values: str,
) -> Letter:
    """A letter about a sign-up: sentences with %(when)s and so on, the facts, a button to the booking."""
    speech, sender = booking.speech, booking.sender
    words, address = button or (N_("See or change my booking"), booking.url)
    known = {
        "organiser": sender.name, "when": booking.when, "place": booking.place, "url": booking.short_url,
        "dates": booking.activity_url.removeprefix("https://"), "phone": sender.phone, **values,
    }  # fmt: skip
    closing = [
        *(footer or []),
        N_("Questions? Call %(phone)s. %(organiser)s") if sender.phone else N_("Your organiser: %(organiser)s"),
        N_("You get this message because somebody signed up with this address."),
    ]
    return Letter(
        speech=speech,
        sender=sender,
        subject=speech.say(subject, **known),
        heading=speech.say(heading),
        sms=speech.say(sms, **known),
        greeting=speech.say(N_("Hello %(name)s,"), name=booking.name),
        paragraphs=tuple(speech.say(sentence, **known) for sentence in paragraphs),
        facts=booking.facts + (booking.online if holds_seat else ()),
        button=(speech.say(words), address),
        footer=tuple(speech.say(sentence, **known) for sentence in closing),
        calendar=booking.calendar,
        unsubscribe=unsubscribe,
    )
