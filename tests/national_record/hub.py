"""A hub as the record's tests see it: a client with a token that says who calls and why."""

import json
from typing import Any
from urllib.parse import quote

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from commune_hub.base.ids import new_public_id
from national_record import demo
from national_record.demo import DemoContract

MOTIVE = "Lier le contrat à la demande de la personne"


class Hub:
    """Calls the interface as the demo's hub."""

    def __init__(
        self, client: FlaskClient, *, name: str = demo.CLIENT, secret: str = demo.CLIENT_SECRET, **headers: str
    ) -> None:
        self._client = client
        form = {"grant_type": "client_credentials", "client_id": name, "client_secret": secret}
        answer = client.post("/oauth/token", data=form)
        assert answer.status_code == 200, answer.text
        self.headers = {
            "Authorization": f"Bearer {answer.json['access_token']}",
            "Record-Agent": quote(demo.HUB_AGENTS[0]),
            "Record-Organisation": quote(demo.ORGANISATION),
            "Record-Motive": quote(MOTIVE),
            **headers,
        }

    def get(self, path: str, **headers: str) -> TestResponse:
        """A question."""
        return self._client.get(path, headers={**self.headers, **headers})

    def post(self, path: str, body: object, *, key: str = "", **headers: str) -> TestResponse:
        """A write, each with a key of its own unless one is given."""
        keyed = {"Idempotency-Key": key or new_public_id()}
        return self._client.post(path, json=body, headers={**self.headers, **keyed, **headers})

    def put(self, path: str, body: object) -> TestResponse:
        """The whole of something."""
        return self._client.put(path, json=body, headers=self.headers)

    def call(self, method: str, path: str, body: object, key: str) -> TestResponse:
        """Anything; bytes are sent as they are."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {**self.headers, "Idempotency-Key": key, "Content-Type": "application/json"}
        return self._client.open(path, method=method, data=None if method == "GET" else data, headers=headers)

    def reference(self, contract: DemoContract) -> str:
        """The reference of a contract, by verifying it."""
        body = {"contract_number": contract.number, "birth_date": contract.birth_date.isoformat()}
        return str(self.post("/v1/contracts/verify", body).json["contract"]["reference"])

    def attest(self, reference: str, *, key: str = "", **given: Any) -> TestResponse:
        """Send a civic course of three evenings, all attended."""
        return self.post("/v1/attestations", attestation(reference, **given), key=key)


def attestation(reference: str, **given: Any) -> dict[str, Any]:
    """The body of an attestation: a civic course of three evenings, all attended."""
    return {
        "reference": reference, "hub_attestation": "hub-0001", "counts_for": "civic", "activity_kind": "civic_course",
        "title": "Instruction civique", "language": "fr", "level": None, "minutes": 360, "of_minutes": 360, "held": 3,
        "attended": 3, "first_on": "2026-09-01", "last_on": "2026-09-15", "issuer": "Commune de Sanem",
        "certificate_code": None, "convention_reference": None, **given,
    }  # fmt: skip
