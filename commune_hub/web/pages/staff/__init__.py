"""The pages for staff: one blueprint under the language."""

from flask import Blueprint, url_for

from commune_hub.accounts.permissions import Actor
from commune_hub.accounts.words import Permission

staff = Blueprint("staff", __name__, url_prefix="/<language:lang>/staff")


def navigation(actor: Actor) -> list[tuple[str, str]]:
    """The entries of the menu that this person may use, as (key, address)."""
    entries = [
        ("today", Permission.SEE_SIGNUPS, "staff.today"),
        ("matching", Permission.MAKE_PAIRS, "staff.pairing"),
        ("activities", Permission.PUBLISH, "staff.activities"),
        ("counter", Permission.SIGN_UP_OTHERS, "staff.counter"),
        ("volunteers", Permission.SEE_VOLUNTEERS, "staff.volunteers"),
        ("trainings", Permission.LOOK_AFTER_VOLUNTEERS, "staff.trainings_desk"),
        ("support", Permission.SEE_VOLUNTEERS, "staff.support"),
        ("materials", Permission.LOOK_AFTER_VOLUNTEERS, "staff.materials"),
        ("pairs", Permission.CARE_FOR_PAIRS, "staff.pairs"),
        ("coach", Permission.ASK_FOR_COACH, "staff.new_coach_request"),
        ("certificates", Permission.RELEASE_CERTIFICATES, "staff.certificates_shelf"),
        ("courses", Permission.SEE_COURSES, "staff.courses_list"),
        ("gaps", Permission.SEE_GAPS, "staff.gaps"),
        ("record", Permission.ANSWER_FOR_RECORD, "staff.record"),
        ("places", Permission.EDIT_VENUES, "staff.venues"),
        ("staff", Permission.INVITE, "staff.people"),
        ("merge", Permission.MERGE_PEOPLE, "staff.merge_people"),
        ("retention", Permission.DECIDE_RETENTION, "staff.retention_cases"),
        ("traces", Permission.READ_TRACES, "staff.traces_search"),
        ("outbox", Permission.SEE_OUTBOX, "staff.outbox"),
    ]
    theirs = [(key, url_for(endpoint)) for key, permission, endpoint in entries if actor.may_somewhere(permission)]
    return [*theirs, ("account", url_for("staff.change_password"))]


from commune_hub.web.pages.staff import (  # noqa: E402,F401 - they register their routes
    activities,
    at_the_door,
    attendance,
    audit,
    cafe,
    certificates,
    coach_requests,
    contract_check,
    counter,
    courses,
    desk,
    gaps,
    hosts,
    meetings,
    merging,
    message,
    motive,
    outbox,
    pair_lists,
    pairing,
    pairing_plan,
    pairs,
    people,
    record,
    retention,
    season,
    season_answers,
    settings,
    sheets,
    sign_in,
    support,
    trainings,
    venue_offers,
    venues,
    volunteers,
)
