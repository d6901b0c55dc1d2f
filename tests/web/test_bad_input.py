"""Bad input at every door: no error of the server, nothing that takes longer than five seconds (PROMISES.md)."""

import io
import json
import random
import time
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from commune_hub.accounts.actions import sign_in_staff
from commune_hub.accounts.words import Role
from commune_hub.base.db import Store
from commune_hub.base.inputs import Draft
from tests import factories
from tests.web.test_who_may import NOTHING, _fit, a_world, rules_of

# Of our own work: how busy the machine is besides says nothing about us.
LONGEST = 5.0
IN_ALL = 100_000
NASTY = [
    "", " ", "0", "-1", "1e308", "NaN", "∞", "٣", "99999999999999999999999", "true", "null", "[]", "{}", "\x00",
    "\x1b[31m", "\r\nSet-Cookie: a=b", "\u202eevil", "\ufeff", "\ud7ff", "🙂" * 50, "é" * 5000, "x" * 300_000,
    "' or 1=1 --", "{{7*7}}", "${7*7}", "%(name)s", "%s%n", "../../etc/passwd", "<script>alert(1)</script>",
    "=cmd|' /C calc'!A0", "javascript:alert(1)", "https://[::1]:99999/",
    "2026-02-30", "0001-01-01", "9999-12-31", "2026-11-24", "24:00",
    "99:99", "18:30", "FREQ=SECONDLY", "FREQ=DAILY;COUNT=999999999", "FREQ=WEEKLY;BYDAY=XX;UNTIL=99999999T9Z", "A" * 22,
    "lb", "xx-YY", "a@b", "a@b.lu", "621 123 456", "+" * 40, "49.5,5.9", "present:" + "A" * 22, "B" * 26, "%ff%fe",
]  # fmt: skip
BODIES = [
    b"", b"\xff\xfe\x00", b"{", b"[" * 20_000, b'{"taps": [{"key": 1}]}', b'{"taps": {}}', b"null", b"1e999",
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', b"a=b&" * 5000, b"--x\r\n\r\n--x--",
    json.dumps({"taps": [{"key": "k" * 9, "at": 10**30, "touch": "walk_in", "name": "\x00"}]}).encode(),
]  # fmt: skip
TYPES = [
    "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "multipart/form-data", "application/json",
    "text/csv", "application/xml", "no type at all", "application/json; charset=nowhere",
]  # fmt: skip
FILES = [b"", b"a;b\n\x00;1", b"PK\x03\x04" + b"\x00" * 500, b"\xff\xd8\xff" + b"x" * 99, b"%PDF-1.7", b"\n" * 9999]


def fields_of(draft: type[Draft] = Draft) -> set[str]:
    """The names of all fields that any form of ours may have."""
    return {name for kind in draft.__subclasses__() for name in (*kind.model_fields, *fields_of(kind))}


class Mischief:
    """Somebody of our commune with too many rights and bad intentions."""

    def __init__(self, app: Flask, session: Session, now: datetime, seed: str) -> None:
        self.chance = random.Random(seed)
        self.app, self.now = app, now
        self.ids = NOTHING | a_world(session, "Aaaa", "+352621000111").ids
        self.account = factories.an_account(session, role=Role.ASTI)
        for role in (Role.ADMIN, Role.DIRECTOR, Role.NATIONAL_OFFICER):
            factories.a_role(session, self.account, role, None)
        session.commit()
        others = {"csrf_token", "page", "mark", "pool", "packed", "file", "back", "confirmed", "reason", "m", "w", "at"}
        self.fields = sorted(fields_of() | others)
        self.rules = [
            (rule, method)
            for rule in sorted(rules_of(app), key=str)
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
        ]
        self.posts = [pair for pair in self.rules if pair[1] != "GET"]

    def signed_in(self, store: Store) -> FlaskClient:
        client = self.app.test_client()
        with store.writing() as session:
            account = session.merge(self.account, load=True)
            client.set_cookie("signin", sign_in_staff(session, account=account, now=self.now, second_factor=True))
        return client

    def next(self) -> tuple[str, str, dict[str, Any]]:
        """Method, address and what is sent along."""
        chance = self.chance
        rule, method = chance.choice(self.posts if chance.random() < 0.7 else self.rules)
        with self.app.test_request_context():
            try:
                path = self.app.url_for(rule.endpoint, **{name: self._one_id(rule, name) for name in rule.arguments})
            except Exception:
                plain = {name: _fit(rule, name, self.ids.get(name, "A")) for name in rule.arguments}
                path = self.app.url_for(rule.endpoint, **plain)
        query = {name: self._value() for name in chance.sample(self.fields, chance.randint(0, 3))}
        if method == "GET":
            return method, path, {"query_string": query | {"l": self._value(), "place": self._value()}}
        match chance.randint(0, 3):
            case 0:
                return method, path, {"data": chance.choice(BODIES), "content_type": chance.choice(TYPES)}
            case 1:
                return method, path, {"json": {name: self._json() for name in chance.sample(self.fields, 6)}}
            case _:
                form: dict[str, Any] = {
                    name: self._value() if chance.random() < 0.8 else [self._value(), self._value()]
                    for name in chance.sample(self.fields, chance.randint(0, 40))
                }
                if chance.random() < 0.2:
                    form["file"] = (io.BytesIO(chance.choice(FILES)), "a.csv")
                return method, path, {"data": form, "query_string": query}

    def _one_id(self, rule: Any, name: str) -> str | int:
        real = self.chance.random() < 0.8
        value = self.ids.get(name, "A" * 22) if real else self.chance.choice(["A" * 22, "é", "x" * 300, "%00"])
        return _fit(rule, name, value)

    def _value(self) -> str:
        return self.chance.choice(NASTY)

    def _json(self) -> object:
        return self.chance.choice([self._value(), 1, -1.5, None, [], {}, [self._value()], {"key": self._value()}, True])


# The test client keeps large forms in files and leaves closing them to chance.
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_whatever_is_sent_anywhere_is_answered_soon_and_without_an_error(
    app: Flask, store: Store, session: Session, now: datetime, proving: bool, request: pytest.FixtureRequest
) -> None:
    mischief = Mischief(app, session, now, seed=f"{request.node.name}")
    wrong: list[str] = []

    for number in range(IN_ALL // 2 if proving else 250):
        if number % 25 == 0:
            client = mischief.signed_in(store)
        method, path, sent = mischief.next()
        began = time.process_time()
        try:
            status = client.open(path, method=method, **sent).status_code
        except Exception as crash:
            status = 500
            wrong.append(f"{type(crash).__name__}: {str(crash)[:200]}")
        if status >= 500 or time.process_time() - began > LONGEST:
            wrong.append(f"{number}: {method} {path[:120]} {str(sent)[:600]} → {status}")
        if len(wrong) > 5:
            break

    assert wrong == []


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_bombs_are_refused_in_time(app: Flask, store: Store, session: Session, now: datetime) -> None:
    mischief = Mischief(app, session, now, seed="bombs")
    client = mischief.signed_in(store)
    header = b"reference;kind;languages;first_on;last_on;venue;locality;weekday;starts;ends\n"
    bombs = {
        "200 MB that say they are a workbook": b"PK\x03\x04" + bytes(200 * 1024 * 1024),
        "1,048,576 rows": header + b"a;conversation_table;lb;2026-12-01;2026-12-15;V;Belvaux;Tue;18:30;\n" * 1_048_576,
        "one row of 3 MB": header + b"x" * 3_000_000,
        "entities": b'<!DOCTYPE a [<!ENTITY b "' + b"c" * 1000 + b'">]><a>' + b"&b;" * 100_000,
        "quotes": b'"' * 1_000_000,
    }

    answers = {}
    for name, bomb in bombs.items():
        began = time.process_time()
        part = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.xlsx"\r\n\r\n'
        answer = client.post(
            "/en/staff/activities/import", data=part + bomb + b"\r\n--x--\r\n",
            content_type="multipart/form-data; boundary=x",
        )  # fmt: skip
        answers[name] = (answer.status_code in (413, 422), time.process_time() - began < LONGEST)

    assert answers == dict.fromkeys(bombs, (True, True))
