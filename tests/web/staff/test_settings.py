"""Contact and colours of an organisation."""

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from commune_hub.accounts.models import Organisation
from commune_hub.accounts.words import Role
from tests import factories
from tests.web.staff.conftest import SignedIn


def test_a_coordinator_keeps_contact_and_colours(
    signed_in: SignedIn, organisation: Organisation, session: Session
) -> None:
    form = {"phone": "26 11 22 33", "mail": "hello@example.lu", "spoken": "lb, fr pt", "brand": "#7a1f3d",
            "after_no_show": "reminder"}  # fmt: skip

    answer = signed_in(Role.COORDINATOR, organisation).post(f"/en/staff/settings/{organisation.public_id}", data=form)

    assert answer.status_code == 303
    assert (organisation.phone, organisation.spoken) == ("26 11 22 33", ["lb", "fr", "pt"])
    assert organisation.theme["brand"] == "#7a1f3d"
    assert len(organisation.theme) == 5
    assert organisation.after_no_show == "reminder"


def test_colours_that_nobody_could_read_are_refused_with_better_ones(
    signed_in: SignedIn, organisation: Organisation
) -> None:
    form = {"brand": "#ffe680", "accent": "#c23f13"}

    answer = signed_in(Role.COORDINATOR, organisation).post(f"/en/staff/settings/{organisation.public_id}", data=form)

    assert answer.status_code == 422
    assert "These colours are too close to each other" in answer.text
    assert "These would do: #" in answer.text
    assert 'value="#ffe680"' in answer.text
    assert organisation.theme == {}


def test_others_find_no_settings_here(
    signed_in: SignedIn, officer: FlaskClient, organisation: Organisation, session: Session
) -> None:
    address = f"/en/staff/settings/{organisation.public_id}"
    stranger = signed_in(Role.COORDINATOR, factories.an_organisation(session))

    assert [client.get(address).status_code for client in (officer, stranger)] == [404, 404]
    assert stranger.post(address, data={"brand": "#000000"}).status_code == 404
