"""One call of the interface: who calls, may they, is the body closed; traced before the answer leaves."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import wraps
from typing import Any
from urllib.parse import unquote

from flask import Response, current_app, request
from pydantic import BaseModel, ValidationError
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from commune_hub.base.db import Store
from commune_hub.base.errors import NotFound, Refused
from national_record import queries
from national_record.access_models import Client, IdempotencyKey
from national_record.actions import access
from national_record.inputs import Answer, Body, Problem
from national_record.tracing import Caller, is_precise, trace, trace_alone
from national_record.words import Channel, Deed, Duty, Refusal, Result

# What a refusal is in HTTP; all others are a conflict with how things stand.
STATUS = {
    Refusal.NOT_AUTHORISED: 403,
    Refusal.UNKNOWN_REFERENCE: 404,
    Refusal.KEY_USED_OTHERWISE: 422,
    Refusal.TOO_MANY_TRIES: 429,
}
TITLES = {
    400: "The call is not complete",
    401: "No valid token",
    403: "Not authorised",
    404: "Not found",
    405: "Not this method",
    409: "In conflict with how things stand",
    413: "Too large",
    415: "JSON only",
    422: "The body cannot be accepted",
    429: "Too many wrong tries",
    500: "The record has failed",
    503: "The record cannot answer now",
}


class Fault(Exception):
    """A call that is answered with a problem."""

    def __init__(self, status: int, code: str, detail: str = "", errors: list[dict[str, str]] | None = None) -> None:
        super().__init__(code)
        self.status, self.code, self.detail, self.errors = status, code, detail, errors or []


@dataclass(frozen=True)
class Call:
    """What a view gets: the open session, the client, the moment."""

    session: Session
    client: Client
    now: datetime


@dataclass(frozen=True)
class Reply:
    """What a view gives: the answer, and whose data are in it."""

    answer: Answer
    status: int = 200
    people: list[str] = field(default_factory=list)
    result: Result = Result.DONE


@dataclass(frozen=True)
class Operation:
    """What is checked before a view and published about it. `keyed`: asks for an Idempotency-Key; `created`: may answer
    201; `traced_if_empty`: also an answer without anybody's data leaves a trace."""

    deed: Deed
    duty: Duty
    answer: type[Answer]
    body: type[Body] | None = None
    keyed: bool = False
    created: bool = False
    traced_if_empty: bool = True


def now() -> datetime:
    """The moment of this call."""
    clock: Callable[[], datetime] = current_app.extensions["clock"]
    return clock().astimezone(UTC)


def store() -> Store:
    """The open databases."""
    found: Store = current_app.extensions["store"]
    return found


def operation(told: Operation) -> Callable[[Callable[..., Reply]], Callable[..., Response]]:
    """Make a view an operation: token, agent, motive, duty, closed body, one transaction, trace."""

    def mark(view: Callable[..., Reply]) -> Callable[..., Response]:
        @wraps(view)
        def door(**path: str) -> Response:
            return _carry_out(told, view, path)

        door.guard = "token"  # type: ignore[attr-defined]
        door.operation = told  # type: ignore[attr-defined]
        return door

    return mark


def _carry_out(told: Operation, view: Callable[..., Reply], path: dict[str, str]) -> Response:
    moment = now()
    with store().reading() as session:
        client = _client(session, moment)
        caller = _caller(session, client, told, moment)
    arguments: dict[str, Any] = {**path, **({"body": _body(told.body)} if told.body else {})}
    key = _key() if told.keyed else None
    try:
        if request.method not in ("GET", "HEAD"):
            return _write(told, view, arguments, client, caller, key, moment)
        with store().reading() as session:
            reply = view(Call(session, client, moment), **arguments)
        if reply.people or told.traced_if_empty:
            trace_alone(store(), caller, deed=told.deed, people=reply.people, result=reply.result, now=moment)
        return answered(reply.answer, reply.status)
    except Refused as refusal:
        trace_alone(store(), caller, deed=told.deed, result=Result.REFUSED, now=moment)
        reason = Refusal(refusal.reason)
        raise Fault(STATUS.get(reason, 409), reason) from None
    except NotFound as error:
        trace_alone(store(), caller, deed=told.deed, result=Result.NOT_FOUND, now=moment)
        raise Fault(404, "not_found", f"no such {error}") from None


def _write(
    told: Operation, view: Callable[..., Reply], arguments: dict[str, Any], client: Client, caller: Caller,
    key: str | None, moment: datetime,
) -> Response:  # fmt: skip
    try:
        return _write_once(told, view, arguments, client, caller, key, moment)
    except IntegrityError:
        # The same call came twice at once and the other was first: now its answer is there.
        return _write_once(told, view, arguments, client, caller, key, moment)


def _write_once(
    told: Operation, view: Callable[..., Reply], arguments: dict[str, Any], client: Client, caller: Caller,
    key: str | None, moment: datetime,
) -> Response:  # fmt: skip
    with store().writing() as session:
        known = _answered_before(session, client, key) if key else None
        if known is not None:
            trace(session, caller, deed=told.deed, now=moment)
            return as_json(known.answer, known.status)
        reply = view(Call(session, client, moment), **arguments)
        trace(session, caller, deed=told.deed, people=reply.people, result=reply.result, now=moment)
        said = reply.answer.model_dump(mode="json")
        if key:
            row = IdempotencyKey(
                client_id=client.id, key=key, request_hash=_request_hash(), status=reply.status, answer=said, at=moment
            )
            session.add(row)
    return as_json(said, reply.status)


def _answered_before(session: Session, client: Client, key: str) -> IdempotencyKey | None:
    question = select(IdempotencyKey).where(IdempotencyKey.client_id == client.id, IdempotencyKey.key == key)
    known = session.scalar(question)
    if known is not None and known.request_hash != _request_hash():
        raise Refused(Refusal.KEY_USED_OTHERWISE)
    return known


def _request_hash() -> bytes:
    return hashlib.sha256(f"{request.method} {request.path}\n".encode() + request.get_data()).digest()


def _client(session: Session, moment: datetime) -> Client:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    client = access.client_with(session, token.strip(), moment) if kind.lower() == "bearer" and token else None
    if client is None:
        raise Fault(401, "invalid_token", "Ask for a token at /oauth/token.")
    return client


def _caller(session: Session, client: Client, told: Operation, moment: datetime) -> Caller:
    """Who acts, for whom and why (RGD art. 28); an agent whom the director has not authorised is refused (art. 25)."""
    said = {name: _header(name) for name in ("Record-Agent", "Record-Organisation", "Record-Motive")}
    if missing := [name for name, value in said.items() if not value]:
        raise Fault(400, "header_missing", ", ".join(missing))
    if not is_precise(said["Record-Motive"]):
        raise Fault(400, "motive_too_short", "At least two words and ten letters.")
    caller = Caller(said["Record-Agent"], said["Record-Organisation"], said["Record-Motive"], Channel.API)
    agent = queries.service_agent(session, client=client, login=caller.agent)
    if agent is None or agent.organisation != caller.organisation or told.duty not in agent.duties:
        trace_alone(store(), caller, deed=told.deed, result=Result.REFUSED, now=moment)
        raise Fault(403, Refusal.NOT_AUTHORISED, f"The agent is not authorised for the duty {told.duty}.")
    return caller


def _header(name: str) -> str:
    try:
        text = unquote(request.headers.get(name, ""), errors="strict").strip()
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text or len(text) > 200:
        raise Fault(400, "header_invalid", f"{name}: UTF-8, percent-encoded, at most 200 characters.")
    return text


def _key() -> str:
    key = request.headers.get("Idempotency-Key", "").strip()
    if not 8 <= len(key) <= 200:
        raise Fault(400, "header_missing", "Idempotency-Key, 8 to 200 characters.")
    return key


def _body(model: type[Body]) -> BaseModel:
    if request.mimetype != "application/json":
        raise Fault(415, "json_only")
    try:
        return model.model_validate_json(request.get_data(), strict=True)
    except ValidationError as error:
        problems = [
            {"field": ".".join(str(part) for part in problem["loc"]) or "body", "problem": problem["type"]}
            for problem in error.errors(include_url=False, include_input=False, include_context=False)
        ]
        raise Fault(422, "body_invalid", errors=problems[:20]) from None


def answered(answer: Answer, status: int = 200) -> Response:
    """An answer as JSON."""
    return as_json(answer.model_dump(mode="json"), status)


def as_json(said: object, status: int) -> Response:
    """Anything as JSON."""
    response: Response = current_app.json.response(said)  # type: ignore[assignment]
    response.status_code = status
    return response


def problem(status: int, code: str, detail: str = "", errors: list[dict[str, str]] | None = None) -> Response:
    """A problem as RFC 9457 wants it."""
    said = Problem(
        type=f"urn:national-record:problem:{code}", title=TITLES.get(status, "Problem"), status=status, code=code,
        detail=detail, errors=errors or [],
    )  # fmt: skip
    response = answered(said, status)
    response.mimetype = "application/problem+json"
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="national-record"'
    if status == 429:
        response.headers["Retry-After"] = str(int(access.TRY_WINDOW.total_seconds()))
    return response
