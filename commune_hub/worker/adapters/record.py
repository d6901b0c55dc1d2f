"""The national contract record over HTTP (docs/decisions/0008), and the forms whose answers come later."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit

import httpx

from commune_hub import __version__
from commune_hub.base.settings import PREFIX, Settings, SettingsError
from commune_hub.contracts import record as protocol
from commune_hub.contracts.record import (
    Answer,
    Changes,
    Message,
    Question,
    Receipt,
    Record,
    RecordDown,
    RecordRefuses,
    Standing,
    Unreadable,
)
from commune_hub.contracts.words import AskedBy, RecordForm, TransferAct

_WHOLE_SECONDS = 20.0
_LARGEST_ANSWER = 1_000_000
# A record that is down is left alone for a while, else every job waits for its time-out.
_REST_SECONDS = 60.0
_JSON = ("application/json", "application/problem+json")

Read = TypeVar("Read")


@dataclass
class Later:
    """A form without a wire: a signed file or an officer takes what waits and brings the answers."""

    form: RecordForm

    def ask(self, question: Question) -> Answer | None:
        """Waits for an export or an officer."""
        return None

    def send(self, message: Message) -> Receipt | None:
        """Waits for an export or an officer."""
        return None

    def standing(self, reference: str, motive: str) -> Standing | None:
        """Comes with the answers."""
        return None

    def changes(self, cursor: str, motive: str) -> Changes | None:
        """Comes with the answers."""
        return None

    def close(self) -> None:
        """Nothing is open."""


@dataclass
class HttpRecord:
    """The record behind its HTTP interface. `turn` waits until the next call may go (ten a second for all workers)."""

    url: str
    client: str
    secret: str = field(repr=False)
    organisation: str
    agent: str = "commune-hub"
    turn: Callable[[], None] = lambda: None
    whole: float = _WHOLE_SECONDS
    rest: float = _REST_SECONDS
    clock: Callable[[], float] = time.monotonic
    form: RecordForm = RecordForm.HTTP
    # Kept open: a new one reads all certificates of the system again.
    _client: httpx.Client = field(default_factory=httpx.Client, repr=False)
    _token: str = field(default="", repr=False)
    _token_until: float = 0.0
    _down_until: float = 0.0

    def ask(self, question: Question) -> Answer | None:
        """Ask whether there is a contract."""
        name = "contract_number" if question.by is AskedBy.CONTRACT_NUMBER else "matricule"
        body = {name: question.number, "birth_date": question.born_on.isoformat()}
        said = self._call("POST", "/v1/contracts/verify", question.motive, body=body)
        return _read(protocol.read_answer, said)

    def send(self, message: Message) -> Receipt | None:
        """Submit, correct or withdraw an attestation."""
        path = "/v1/attestations"
        if message.act is not TransferAct.SUBMIT:
            what = "corrections" if message.act is TransferAct.CORRECT else "withdrawal"
            path = f"{path}/{quote(message.remote, safe='')}/{what}"
        said = self._call("POST", path, message.motive, body=message.body, key=message.key)
        receipt = _read(protocol.read_receipt, said)
        if message.remote and receipt.remote != message.remote:
            raise RecordDown("a receipt of something else")
        return receipt

    def standing(self, reference: str, motive: str) -> Standing | None:
        """What is met and missing."""
        said = self._call("GET", f"/v1/contracts/{quote(reference, safe='')}/missing", motive)
        return _read(protocol.read_standing, said)

    def changes(self, cursor: str, motive: str) -> Changes | None:
        """What changed since the cursor."""
        said = self._call("GET", f"/v1/changes?cursor={quote(cursor, safe='')}", motive)
        return _read(protocol.read_changes, said)

    def close(self) -> None:
        """Give the connections back."""
        self._client.close()

    def _call(
        self, method: str, path: str, motive: str, *, body: Mapping[str, Any] | None = None, key: str = ""
    ) -> object:
        if self.clock() < self._down_until:
            raise RecordDown("it was down a moment ago")
        try:
            return self._answered(method, path, motive, body, key)
        except RecordDown:
            self._down_until = self.clock() + self.rest
            raise

    def _answered(
        self, method: str, path: str, motive: str, body: Mapping[str, Any] | None, key: str
    ) -> object:
        status, said = self._exchange(method, path, self._headers(motive, key), json_body=body)
        if status == httpx.codes.UNAUTHORIZED:
            # The token may have been taken back; a second refusal is no answer.
            self._token = ""
            status, said = self._exchange(method, path, self._headers(motive, key), json_body=body)
        if status in (httpx.codes.OK, httpx.codes.CREATED):
            return said
        if status in (400, 404, 409, 410, 422):
            code = said.get("code") if isinstance(said, dict) else None
            raise RecordRefuses(f"status {status}, {_code(code)}")
        raise RecordDown(f"status {status}")

    def _headers(self, motive: str, key: str) -> dict[str, str]:
        headers = {
            "Authorization": f"Bearer {self._bearer()}",
            "Record-Agent": quote(self.agent),
            "Record-Organisation": quote(self.organisation),
            "Record-Motive": quote(motive),
        }
        return headers | ({"Idempotency-Key": key} if key else {})

    def _bearer(self) -> str:
        if not self._token or self.clock() >= self._token_until:
            status, said = self._exchange(
                "POST", "/oauth/token", {}, form={"grant_type": "client_credentials"}, auth=(self.client, self.secret)
            )
            token = said.get("access_token") if isinstance(said, dict) else None
            lasts = said.get("expires_in", 60) if isinstance(said, dict) else 60
            if status != httpx.codes.OK or not isinstance(token, str) or not isinstance(lasts, int):
                raise RecordDown(f"no token, status {status}")
            self._token, self._token_until = token, self.clock() + max(0, lasts - 10)
        return self._token

    def _exchange(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        *,
        json_body: Mapping[str, Any] | None = None,
        form: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
    ) -> tuple[int, Any]:
        """Status and JSON of one exchange. What is late, large, redirected or no JSON is no answer (RecordDown)."""
        self.turn()
        until = self.clock() + self.whole
        answer = bytearray()
        try:
            with self._client.stream(
                method, self.url + path, json=json_body, data=form, auth=auth, timeout=self.whole / 2,
                headers={"User-Agent": f"commune-hub/{__version__}", "Accept": "application/json", **headers},
            ) as response:  # fmt: skip
                for part in response.iter_bytes():
                    answer += part
                    if len(answer) > _LARGEST_ANSWER:
                        raise RecordDown("the answer is too large")
                    if self.clock() > until:
                        raise RecordDown("the answer takes too long")
        except httpx.HTTPError as error:
            raise RecordDown(type(error).__name__) from None
        if response.headers.get("Content-Type", "").split(";")[0].strip() not in _JSON:
            raise RecordDown(f"status {response.status_code}, no JSON")
        try:
            return response.status_code, json.loads(answer)
        except (ValueError, RecursionError):
            raise RecordDown(f"status {response.status_code}, broken JSON") from None


def _read(reader: Callable[[object], Read], said: object) -> Read:
    try:
        return reader(said)
    except Unreadable as unreadable:
        raise RecordDown(f"an answer that was not agreed: {unreadable}") from None


def _code(code: object) -> str:
    """A code of the record, if it looks like one: never a sentence, which may hold personal data."""
    plain = isinstance(code, str) and len(code) <= 60 and code.replace("_", "").isalnum()
    return str(code) if plain else "without a code"


def record_of(settings: Settings, turn: Callable[[], None] = lambda: None) -> Record | None:
    """The record in the form that the settings name; None for none. Raises SettingsError."""
    form = RecordForm(settings.record)
    if form is RecordForm.NONE:
        return None
    if form is not RecordForm.HTTP:
        return Later(form)
    parts = urlsplit(settings.record_url)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise SettingsError(f"{PREFIX}RECORD_URL must be an http or https address, not {settings.record_url!r}.")
    if not settings.record_client or not settings.record_secret:
        raise SettingsError(f"{PREFIX}RECORD_CLIENT and {PREFIX}RECORD_SECRET are needed with {PREFIX}RECORD=http.")
    return HttpRecord(
        settings.record_url.rstrip("/"), settings.record_client, settings.record_secret,
        settings.record_organisation, settings.record_agent, turn,
    )  # fmt: skip
