"""The front that the hub's tests put before the record fails exactly as it says."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import httpx
import pytest

from national_record import demo
from national_record.models import Attestation
from tests.infrastructure.record import Front, LiveRecord, Mood, front_of, serving_record
from tests.national_record.hub import attestation


@pytest.fixture
def live(tmp_path: Path, now: datetime) -> Iterator[LiveRecord]:
    with serving_record(tmp_path, clock=lambda: now) as record:
        yield record


@pytest.fixture
def front(live: LiveRecord) -> Iterator[Front]:
    with front_of(live.url) as found:
        yield found


def token(live: LiveRecord, front: Front) -> str:
    form = {"grant_type": "client_credentials"}
    answer = httpx.post(f"{front.url}/oauth/token", data=form, auth=(live.client, live.secret))
    return str(answer.json()["access_token"])


def test_the_moods_of_the_front(live: LiveRecord, front: Front) -> None:
    headers = live.headers(token(live, front)) | {"Idempotency-Key": "one-and-the-same"}
    body = {"contract_number": demo.RUNNING.number, "birth_date": demo.RUNNING.birth_date.isoformat()}
    found = httpx.post(f"{front.url}/v1/contracts/verify", json=body, headers=headers).json()
    sent = attestation(found["contract"]["reference"])

    def send() -> httpx.Response:
        return httpx.post(f"{front.url}/v1/attestations", json=sent, headers=headers, timeout=20)

    front.mood = Mood.DOWN
    with pytest.raises(httpx.TransportError):
        send()
    front.mood = Mood.LOSES_ACKNOWLEDGEMENT
    with pytest.raises(httpx.TransportError):
        send()
    seen = {}
    for front.mood in (Mood.REDIRECTS, Mood.HTML, Mood.UNAUTHORISED, Mood.HUGE):
        answer = send()
        seen[front.mood] = (answer.status_code, answer.headers.get("Content-Type", ""))
    front.mood, front.pause = Mood.SLOW, 0.1
    slow = send()
    front.mood = Mood.WELL
    well = send()

    assert seen == {
        Mood.REDIRECTS: (302, ""), Mood.HTML: (200, "text/html"),
        Mood.UNAUTHORISED: (401, "application/problem+json"), Mood.HUGE: (200, "application/json"),
    }  # fmt: skip
    assert (slow.status_code, slow.json()) == (201, well.json())
    with live.store.reading() as session:
        assert session.query(Attestation).count() == 1
    assert len(front.seen) == 10
