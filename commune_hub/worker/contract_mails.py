"""Who is told what about contracts: the answer of the record, a decision on an attestation or a paper."""

from sqlalchemy.orm import Session

from commune_hub.accounts.models import Person
from commune_hub.accounts.words import ContactKind
from commune_hub.contracts import queries
from commune_hub.contracts.words import AttestationState, CountsAs, InquiryState, OutsideState
from commune_hub.speech import sentences
from commune_hub.speech.catalogues import N_
from commune_hub.worker.mail import about_contracts
from commune_hub.worker.messages import Message, contact_for
from commune_hub.worker.work import Task, Work


def answer_mail(session: Session, work: Work, task: Task) -> Message | None:
    """The record has answered the question for a contract, or the time for it is over."""
    inquiry = queries.inquiry_named(session, task.ids["inquiry"])
    if inquiry.person is None or inquiry.state in (InquiryState.WAITING, InquiryState.TAKEN_BACK):
        return None
    return _news(work, inquiry.person, sentences.INQUIRY_STATE[InquiryState(inquiry.state)])


def decided_mail(session: Session, work: Work, task: Task) -> Message | None:
    """The record has recognised an attestation, or not."""
    attestation = queries.attestation_named(session, task.ids["attestation"])
    if attestation.state == AttestationState.VALIDATED:
        said = N_("Something that you attended is recognised for your contract.")
    elif attestation.state == AttestationState.REJECTED:
        said = N_("Something that you attended is not recognised for your contract. Why, stands on your page.")
    else:
        return None
    if attestation.counts_for == CountsAs.PRACTICE:
        return None
    return _news(work, attestation.person, said)


def paper_mail(session: Session, work: Work, task: Task) -> Message | None:
    """A certificate from outside was confirmed, or refused with a reason."""
    paper = queries.paper_named(session, task.ids["paper"])
    if paper.state == OutsideState.CONFIRMED:
        return _news(work, paper.person, N_("The certificate that you handed in is confirmed."))
    if paper.state == OutsideState.REFUSED:
        said = N_("The certificate that you handed in is not confirmed. Why, stands on your page.")
        return _news(work, paper.person, said)
    return None


def _news(work: Work, person: Person, sentence: str) -> Message | None:
    contact = contact_for(person)
    if contact is None or person.messages_paused_at is not None:
        return None
    speech = work.speech_in(person.language)
    letter = about_contracts.news(
        person.name, (speech.say(sentence),), speech, url=work.url(f"/{speech.code}/my/roadmap"),
        button=speech.say(N_("My roadmap")),
    )  # fmt: skip
    return Message(letter, ContactKind(contact.kind), contact.value)
