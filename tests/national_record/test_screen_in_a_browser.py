"""Every page of the screen in a real browser: axe, small phone and desk, both languages."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import select
from sqlalchemy.orm import Session

from national_record import demo
from national_record.access_models import Client, Disclosure
from national_record.actions import attestations
from national_record.inputs import AttestationBody
from national_record.models import Contract, InformationSession
from tests.infrastructure.record import serving_record
from tests.national_record.hub import attestation

PATHS = ("/", "/find", "/attestations", "/days", "/providers", "/certification", "/traces", "/figures", "/agents",
         "/conflicts", "/sessions/new", "/nothing-here", "/docs")  # fmt: skip


def an_attestation_is_waiting(session: Session) -> None:
    """One that has a doubt, for the longest page."""
    client = session.scalars(select(Client)).one()
    contract = session.scalars(select(Contract).where(Contract.state == "in_force")).first()
    assert contract is not None
    now = contract.person.created_at
    session.add(Disclosure(client_id=client.id, contract_id=contract.id, first_at=now))
    session.flush()
    body = AttestationBody.model_validate({**attestation(contract.public_id), "attended": 2}, strict=False)
    attestations.receive(session, client=client, body=body, now=now)


@pytest.mark.parametrize("language", ["fr", pytest.param("en", marks=pytest.mark.prove)])
def test_every_page_can_be_read_by_everybody(
    browser: Browser, axe: Callable[[Page], list[str]], tmp_path: Path, now: datetime, language: str,
    proving: bool,
) -> None:
    with serving_record(tmp_path, clock=lambda: now) as live:
        context = browser.new_context(viewport={"width": 320, "height": 640}, reduced_motion="reduce")
        page = context.new_page()
        wrong: list[str] = []

        def look(where: str) -> None:
            for width in (1280, 320):
                page.set_viewport_size({"width": width, "height": 740})
                # The markup is the same at both widths; the wide one is looked at by axe in the long form.
                if proving or width == 320:
                    wrong.extend(f"{where} at {width}: {fault}" for fault in axe(page))
                if page.evaluate("document.documentElement.scrollWidth") > width:
                    wrong.append(f"{where}: wider than {width} px")

        page.goto(f"{live.url}/language/{language}")
        look("/sign-in")
        page.fill("[name=login]", demo.DIRECTOR)
        page.fill("[name=password]", demo.PASSWORD)
        page.click("main button")
        with live.store.writing() as session:
            an_attestation_is_waiting(session)
            meeting = session.scalars(select(InformationSession).order_by(InformationSession.id.desc())).first()
            assert meeting is not None
        for path in (*PATHS, f"/sessions/{meeting.public_id}"):
            page.goto(live.url + path)
            look(path)
        page.goto(f"{live.url}/find")
        page.fill("[name=number]", demo.RUNNING.number)
        page.fill("[name=motive]", "Préparation de l’entretien")
        page.click("main button")
        assert "Amina Bouzid" in page.inner_text("h1")
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        look("the file")
        context.close()

    assert wrong == []
