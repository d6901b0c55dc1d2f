"""What members of staff are told of a change of their access."""

from datetime import timedelta

from sqlalchemy.orm import Session

from commune_hub.accounts import roles
from commune_hub.accounts.words import Role
from tests.factories import NOW, an_account, an_actor, an_organisation
from tests.infrastructure.mail_server import MailServer, parts_of
from tests.worker.conftest import RunWorker


def test_one_more_role_and_a_lost_authenticator_are_told_to_their_owner(
    session: Session, mail: MailServer, run_worker: RunWorker
) -> None:
    commune = an_organisation(session, name="Gemeng Suessem")
    account = an_account(session, organisation=an_organisation(session), mail="anne@example.lu")
    account.person.language = "en"
    admin = an_actor(session, role=Role.ADMIN)
    roles.give_role(session, account=account, role=Role.OFFICER, organisation=commune, actor=admin, now=NOW)
    roles.renew_second_factor(session, account_id=account.public_id, actor=admin, now=NOW + timedelta(seconds=1))
    session.commit()

    run_worker(NOW + timedelta(minutes=1))

    assert [(sent["To"], sent["Subject"]) for sent in mail.mails] == [
        ("anne@example.lu", "Your access to commune-hub has changed")
    ] * 2
    role, lost = (parts_of(sent)["text/plain"] for sent in mail.mails)
    assert "Gemeng Suessem gave you one more role in commune-hub." in role
    assert "Your old authenticator no longer counts, and you are signed out everywhere." in lost


def test_a_role_that_has_ended_since_is_not_told(session: Session, mail: MailServer, run_worker: RunWorker) -> None:
    commune = an_organisation(session)
    account = an_account(session, organisation=an_organisation(session), mail="anne@example.lu")
    admin = an_actor(session, role=Role.ADMIN)
    grant = roles.give_role(session, account=account, role=Role.OFFICER, organisation=commune, actor=admin, now=NOW)
    grant.ended_at = NOW
    session.commit()

    run_worker(NOW)

    assert mail.mails == []
