"""The jobs of certificates: prepared when attendance has changed, issued batch by batch, told to their people."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from commune_hub.accounts.words import ContactKind
from commune_hub.events import certificates, queries
from commune_hub.events.actions import certificates as actions
from commune_hub.events.records import Certificate
from commune_hub.events.words import CertificateState
from commune_hub.speech.catalogues import Speech
from commune_hub.worker.mail import about_certificates as about
from commune_hub.worker.mail.letter import Letter, Sender
from commune_hub.worker.messages import Message, contact_for
from commune_hub.worker.work import Task, Work


def attendance_changed(work: Work, task: Task) -> None:
    """A roll is finished or was corrected: the certificates of the activity follow."""
    with work.store.writing() as session:
        meeting = queries.meeting_named(session, task.ids["meeting"])
        actions.prepare(session, activity=meeting.activity, now=task.now)


def prepare(work: Work, task: Task) -> None:
    """A season of practice is over: its hours are certified, also if nobody has noted anything since."""
    with work.store.writing() as session:
        activity = queries.activity_named(session, task.ids["activity"])
        actions.prepare(session, activity=activity, now=task.now)


def issue(work: Work, task: Task) -> None:
    """Issue what was released, some at a time: the page shows how far it is, and a restart goes on from there."""
    issued = True
    while issued:
        with work.store.writing() as session:
            activity = queries.activity_named(session, task.ids["activity"])
            issued = actions.issue(session, activity=activity, now=task.now) > 0


def issued_mail(session: Session, work: Work, task: Task) -> Message | None:
    """A certificate is there; nothing when it is void already, which has its own mail."""
    certificate = certificates.certificate_by_id(session, task.ids["certificate"])
    if certificate.state != CertificateState.ISSUED:
        return None
    said = certificates.statement_of(session, certificate)
    replaces = certificate.replaces_id is not None
    return _about(
        certificate, work, lambda sender, speech, url: about.issued(said, sender, speech, url=url, replaces=replaces)
    )


def void_mail(session: Session, work: Work, task: Task) -> Message | None:
    """A certificate no longer holds."""
    certificate = certificates.certificate_by_id(session, task.ids["certificate"])
    if certificate.state != CertificateState.VOID:
        return None
    said = certificates.statement_of(session, certificate)
    note = certificates.opened(session, certificate, certificate.void_note_sealed)
    why = certificate.void_reason
    return _about(
        certificate, work, lambda sender, speech, url: about.void(said, sender, speech, url=url, reason=why, note=note)
    )


def _about(certificate: Certificate, work: Work, write: Callable[[Sender, Speech, str], Letter]) -> Message | None:
    """The letter to whoever the certificate is for, unless they want no messages now."""
    person = certificate.person
    contact = contact_for(person)
    if contact is None or person.messages_paused_at is not None:
        return None
    speech = work.speech_in(person.language)
    letter = write(Sender.of(certificate.issuer), speech, work.url(f"/{speech.code}/my/papers"))
    return Message(letter, ContactKind(contact.kind), contact.value)
