"""A national record that may be down, slow, forgetful or a liar: a real HTTP server on loopback."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

RECEIVED_AT = "2026-11-22T10:00:00+00:00"


@dataclass
class FalseRecord:
    """What it knows, what it was told, and how it behaves next. `moods`: one for each request, the last one stays."""

    contracts: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    standings: dict[str, dict[str, Any]] = field(default_factory=dict)
    attestations: dict[str, list[tuple[str, dict[str, Any]]]] = field(default_factory=dict)
    changes: list[dict[str, Any]] = field(default_factory=list)
    by_key: dict[str, dict[str, Any]] = field(default_factory=dict)
    calls: list[tuple[str, str, str]] = field(default_factory=list)
    motives: list[str] = field(default_factory=list)
    at: list[float] = field(default_factory=list)
    mood: str = ""
    url: str = ""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def knows(self, number: str, born_on: str, **given: Any) -> None:
        """A contract by its number (or matricule) and date of birth."""
        contract = {"reference": f"ref-{number}", "scheme": "LU-CAI", "state": "in_force", "signed_on": "2026-03-02",
                    "in_force_on": "2026-03-12", "ends_on": "2028-03-11"} | given  # fmt: skip
        self.contracts[number, born_on] = contract
        self.standings[contract["reference"]] = {
            "scheme": contract["scheme"], "state": contract["state"], "vouchers": [], "next_steps": [],
            "obligations": [{"kind": kind, "state": "missing", "on": None}
                            for kind in ("language", "civic", "orientation_day")],
        }  # fmt: skip

    def says(self, remote: str, state: str, reason: str = "") -> None:
        """A decision on an attestation."""
        self.changes.append(
            {"kind": "attestation", "id": remote, "reference": "", "state": state, "reason": reason, "at": RECEIVED_AT}
        )

    def told(self) -> list[tuple[str, dict[str, Any]]]:
        """Every message that it keeps, in the order of arrival within each attestation."""
        return [step for steps in self.attestations.values() for step in steps]

    def answer(self, method: str, path: str, body: dict[str, Any], key: str) -> tuple[int, dict[str, Any]]:
        """What an honest record says."""
        parts = urlsplit(path)
        steps = [unquote(part) for part in parts.path.strip("/").split("/")]
        if steps == ["oauth", "token"]:
            return 200, {"access_token": "token", "token_type": "Bearer", "expires_in": 3600}
        if steps == ["v1", "contracts", "verify"]:
            found = self.contracts.get((body.get("contract_number") or body.get("matricule"), body["birth_date"]))
            return 200, {"found": True, "contract": found} if found else {"found": False}
        if steps[:2] == ["v1", "contracts"]:
            return (200, self.standings[steps[2]]) if steps[2] in self.standings else (404, {"code": "unknown"})
        if steps == ["v1", "changes"]:
            since = int(parse_qs(parts.query).get("cursor", ["0"])[0] or 0)
            return 200, {"changes": self.changes[since:], "cursor": str(len(self.changes))}
        if key in self.by_key:
            return 200, self.by_key[key]
        remote = steps[2] if len(steps) > 2 else f"a{len(self.attestations) + 1}"
        if len(steps) > 2 and remote not in self.attestations:
            return 409, {"code": "unknown_attestation"}
        self.attestations.setdefault(remote, []).append((steps[-1], body))
        said = {"attestation": remote, "state": "received", "receipt": f"r-{len(self.by_key) + 1}",
                "received_at": RECEIVED_AT}  # fmt: skip
        self.by_key[key] = said
        return 201, said


@contextmanager
def false_record() -> Iterator[FalseRecord]:
    """The record, listening."""
    record = FalseRecord()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def handle_one(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            raw = self.rfile.read(length)
            body = json.loads(raw) if raw.startswith(b"{") else {}
            with record.lock:
                record.at.append(time.monotonic())
                record.calls.append((self.command, self.path, self.headers.get("Idempotency-Key", "")))
                record.motives.append(unquote(self.headers.get("Record-Motive", "")))
                mood = record.mood
                is_token = self.path.startswith("/oauth")
                if mood == "lost" and not is_token:
                    record.answer(self.command, self.path, body, self.headers.get("Idempotency-Key", ""))
                    record.mood = ""
                    self.close_connection = True
                    return
                if not mood or is_token:
                    status, said = record.answer(
                        self.command, self.path, body, self.headers.get("Idempotency-Key", "")
                    )
                    return self.give(status, "application/json", json.dumps(said).encode())
            if mood == "slow":
                time.sleep(1.5)
            lies: dict[str, tuple[int, str, bytes]] = {
                "down": (503, "text/plain", b"sorry"),
                "slow": (200, "application/json", b"{}"),
                "unauthorised": (401, "application/json", b"{}"),
                "redirect": (302, "application/json", b"{}"),
                "html": (200, "text/html", b"<html>Maintenance</html>"),
                "html as json": (200, "application/json", b"<html>Maintenance</html>"),
                "empty object": (200, "application/json", b"{}"),
                "huge": (200, "application/json", b'"' + b"x" * 50_000_000 + b'"'),
            }
            self.give(*lies[mood])

        def give(self, status: int, kind: str, data: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
            if status == 302:
                self.send_header("Location", "/v1/elsewhere")
            self.end_headers()
            try:
                self.wfile.write(data)
            except OSError:
                self.close_connection = True

        do_GET = do_POST = do_PUT = handle_one

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    record.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield record
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
