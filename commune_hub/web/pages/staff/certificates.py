"""Certificates for staff: what waits for a click, one activity's batch with its progress, one person's certificate."""

from typing import Annotated

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import StringConstraints

from commune_hub.accounts.words import Permission, TracedThing
from commune_hub.base.ids import as_read
from commune_hub.base.inputs import Draft, Lines, Required
from commune_hub.base.words import LOCAL
from commune_hub.events import certificates, permissions, queries
from commune_hub.events.actions import certificates as actions
from commune_hub.events.certificates import NotYet
from commune_hub.events.certification import ISSUED_BY
from commune_hub.events.models import Activity
from commune_hub.events.records import Certificate
from commune_hub.events.words import ActivityKind, CertificateState, IssuedBy
from commune_hub.speech import attesting, telling
from commune_hub.web.certificate_files import certificate_file
from commune_hub.web.i18n import N_, _, speech
from commune_hub.web.pages import parts, words
from commune_hub.web.pages.staff import staff as pages
from commune_hub.web.pages.staff.forms import Form
from commune_hub.web.request import Problems, actor, ask_again, back_to, db, go, now, say
from commune_hub.web.security import staff
from commune_hub.web.tracing import NOBODY, asked_for, shows

may_see = staff(Permission.RELEASE_CERTIFICATES)


class CertificateDraft(Draft):
    """What is typed on a certificate before it is released."""

    name: Required
    skills: Annotated[Lines, StringConstraints(max_length=600)] = ""


class VoidDraft(Draft):
    """Why a certificate is taken back; the person reads it."""

    note: Required


def activity_seen(activity_id: str) -> Activity:
    """The activity, if this person certifies it or runs it. Raises NotFound."""
    found = queries.activity_named(db(), activity_id)
    asked_for(within=found.organisation_id)
    permissions.must_see_certificates(actor(), found)
    return found


def certificate_seen(code: str) -> Certificate:
    """The certificate, if this person certifies or runs the activity. Raises NotFound."""
    found = certificates.certificate_named(db(), code)
    asked_for(found.person, within=found.activity.organisation_id)
    permissions.must_see_certificates(actor(), found.activity)
    return found


@pages.get("/certificates")
@may_see
@shows(NOBODY)
def certificates_shelf() -> ResponseReturnValue:
    """The activities with certificates, those that wait for a click first."""
    ours = actor().organisation_ids(Permission.SEE_SIGNUPS)
    found = certificates.shelves(db(), ours, permissions.kinds_released_everywhere(actor()))
    return render_template(
        "staff/certificates.html",
        rows=[(telling.title_of(one.activity, speech()), parts.badges(one.activity.tags), one) for one in found],
    )


@pages.get("/activities/<activity_id>/certificates")
@may_see
@shows(TracedThing.CERTIFICATE)
def activity_certificates(activity_id: str) -> ResponseReturnValue:
    """One batch: who gets one, who does not yet and why, how far the issuing is."""
    activity = activity_seen(activity_id)
    batch = certificates.batch_of(db(), activity.id)
    unsigned = certificates.unsigned(db(), activity)
    prepared = [one for one in batch if one.state == CertificateState.PREPARED]
    issued = [one for one in batch if one.state == CertificateState.ISSUED]
    waiting = [one for one in prepared if one.released_at is None]
    by = ISSUED_BY[ActivityKind(activity.kind)]
    return render_template(
        "staff/activity_certificates.html",
        activity=activity,
        title=telling.title_of(activity, speech()),
        langs=parts.badges(activity.tags),
        issued_by=attesting.issued_by_words(by, speech()),
        by_itself=by is IssuedBy.ORGANISER,
        waiting=[_line(one, unsigned) for one in waiting],
        on_the_way=len(prepared) - len(waiting),
        issued=[_line(one, {}) for one in issued],
        void=[_line(one, {}) for one in batch if one.state == CertificateState.VOID],
        not_yet=[_not_yet(one) for one in certificates.not_yet(db(), activity, now())],
        may_release=permissions.can_release(actor(), activity),
    )


Line = tuple[str, str, str, str]


def _line(one: Certificate, unsigned: dict[int, int]) -> Line:
    hours = attesting.attended_words(one.minutes, one.of_minutes, one.attended, one.held, speech())
    missing = unsigned.get(one.person_id, 0)
    note = speech().say_many("not signed at one meeting", "not signed at %(num)s meetings", missing) if missing else ""
    if one.state == CertificateState.VOID:
        note = attesting.void_words(one.void_reason, speech())
    name = certificates.name_on(db(), one) or _("(erased)")
    return name, hours, note, url_for("staff.certificate", code=one.code)


def _not_yet(one: NotYet) -> tuple[str, str, str]:
    verdict = one.reckoning.verdict
    hours = attesting.attended_words(verdict.minutes, verdict.of_minutes, verdict.attended, verdict.held, speech())
    return one.person.name, hours, _(words.CERTIFICATE_BAR[verdict.bar]) if verdict.bar else _("Enough hours.")


@pages.post("/activities/<activity_id>/certificates/prepare")
@may_see
def prepare_certificates(activity_id: str) -> ResponseReturnValue:
    """Look at the attendance again, now."""
    activity = activity_seen(activity_id)
    back_to("staff.activity_certificates", activity_id=activity_id)
    changes = actions.prepare(db(), activity=activity, now=now())
    say(speech().say_many("One certificate is new.", "%(num)s certificates are new.", len(changes.prepared)))
    return go("staff.activity_certificates", activity_id=activity_id)


@pages.post("/activities/<activity_id>/certificates/release")
@may_see
def release_certificates(activity_id: str) -> ResponseReturnValue:
    """The one click: the whole batch goes out."""
    activity = activity_seen(activity_id)
    back_to("staff.activity_certificates", activity_id=activity_id)
    number = actions.release(db(), activity=activity, actor=actor(), now=now())
    say(speech().say_many("One certificate is on its way.", "%(num)s certificates are on their way.", number))
    return go("staff.activity_certificates", activity_id=activity_id)


@pages.get("/certificates/<code>")
@may_see
@shows(TracedThing.CERTIFICATE)
def certificate(code: str) -> ResponseReturnValue:
    """One person's certificate: what it says, name and skills, taking it back."""
    return _form(code, {})


@pages.post("/certificates/<code>")
@may_see
@shows(TracedThing.CERTIFICATE)
def save_certificate(code: str) -> ResponseReturnValue:
    """Name and skills: of a prepared one they are changed, an issued one is issued again with them."""
    found = certificate_seen(code)
    back_to("staff.certificate", code=code)
    ask_again(lambda problems: _form(code, problems))
    draft = CertificateDraft.parse(request.form)
    if found.state == CertificateState.PREPARED:
        actions.complete(db(), certificate=found, name=draft.name, skills=draft.skills, actor=actor())
        say(N_("Saved."))
        return go("staff.activity_certificates", activity_id=found.activity.public_id)
    again = actions.issue_again(
        db(), certificate=found, name=draft.name, skills=draft.skills, actor=actor(), now=now()
    )
    say(N_("A new certificate is on its way. The old one is no longer valid."))
    return go("staff.certificate", code=again.code)


@pages.post("/certificates/<code>/void")
@may_see
@shows(TracedThing.CERTIFICATE)
def void_certificate(code: str) -> ResponseReturnValue:
    """Take a certificate back; the person gets a message with the reason."""
    found = certificate_seen(code)
    back_to("staff.certificate", code=code)
    ask_again(lambda problems: _form(code, problems))
    draft = VoidDraft.parse(request.form)
    actions.void(db(), certificate=found, note=draft.note, actor=actor(), now=now())
    say(N_("The certificate is no longer valid. The person gets a message if we can reach them."))
    return go("staff.certificate", code=code)


@pages.get("/certificates/<code>.pdf")
@may_see
@shows(TracedThing.CERTIFICATE)
def certificate_pdf(code: str) -> ResponseReturnValue:
    """The file, to print it for somebody who has no mail."""
    back_to("staff.certificate", code=code)
    return certificate_file(certificate_seen(code))


def _form(code: str, problems: Problems) -> str:
    found = certificate_seen(code)
    said, spoken = certificates.statement_of(db(), found), speech()
    typed = request.form if problems else {"name": said.name, "skills": said.skills}
    day = spoken.day_and_year(found.voided_at.astimezone(LOCAL).date()) if found.voided_at else ""
    return render_template(
        "staff/certificate.html",
        certificate=found,
        activity=found.activity,
        form=Form(typed, problems),
        title=attesting.title_words(said, spoken),
        state=attesting.state_words(found.state, spoken),
        facts=[
            (_("Attended"), attesting.attended_words(said.minutes, said.of_minutes, said.attended, said.held, spoken)),
            (_("When"), attesting.period_words(said.days, spoken)),
            (_("What it counts for"), attesting.counts_words(said, spoken)),
            *([(_("Issued by"), said.issuer), (_("Issued on"), spoken.day_and_year(said.issued_on))]
              if found.issued_at else []),
            (_("Code"), as_read(found.code)),
        ],
        name=said.name,
        voided=day,
        why=attesting.void_words(found.void_reason, spoken),
        note=certificates.opened(db(), found, found.void_note_sealed),
        has_skills=attesting.has_skills(said.kind),
        may_release=permissions.can_release(actor(), found.activity),
    )  # fmt: skip
