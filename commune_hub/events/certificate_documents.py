"""What a certificate states, the signed text of it, and whether a file is the one that was signed. No tables."""

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

PURPOSE = "sign certificates"
# The kind of a statement about the hours that a volunteer gave; all other kinds are those of activities.
ENGAGEMENT = "engagement"
_LENGTH = 86  # of an Ed25519 signature in base64url
_EMPTY_SEAL = "chub1file:" + "A" * _LENGTH
_SIGNED = re.compile(rb"chub1:([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]{86})(?![A-Za-z0-9_-])")
_SEAL = re.compile(rb"chub1file:([A-Za-z0-9_-]{86})(?![A-Za-z0-9_-])")


@dataclass(frozen=True, slots=True)
class Statement:
    """Everything that a certificate says, free of any language. `days` are those attended; `levels` are CEFR labels."""

    code: str
    name: str
    kind: str
    titles: Mapping[str, str]
    languages: tuple[str, ...]
    levels: tuple[str, ...]
    place: str
    days: tuple[date, ...]
    minutes: int
    of_minutes: int
    attended: int
    held: int
    counts_for: str
    reference: str
    issuer: str
    issued_by: str
    issued_on: date
    skills: str = ""
    voided_on: date | None = None

    @property
    def payload(self) -> bytes:
        """What is signed: JSON with sorted keys, no spaces, UTF-8; the skills as their hash, because they are long."""
        said = asdict(self) | {"v": 1, "titles": dict(self.titles)}
        skills = said.pop("skills")
        if skills:
            said["skills_sha256"] = hashlib.sha256(skills.encode()).hexdigest()
        return json.dumps(
            {name: value for name, value in said.items() if value is not None},
            default=date.isoformat, ensure_ascii=False, sort_keys=True, separators=(",", ":"),
        ).encode()  # fmt: skip


class Finding(StrEnum):
    """What a check of a file without asking anybody comes to."""

    GENUINE = "genuine"
    NO_CERTIFICATE = "no_certificate"
    NOT_OURS = "not_ours"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Checked:
    """The finding, and what the signed text says; nothing when nothing in the file can be trusted."""

    finding: Finding
    said: Mapping[str, Any]


def signing_key(seed: bytes) -> Ed25519PrivateKey:
    """The private key of an installation from the 32 bytes that it derives for PURPOSE."""
    return Ed25519PrivateKey.from_private_bytes(seed)


def public_pem(key: Ed25519PrivateKey) -> bytes:
    """The public key as it is published."""
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def public_key_from(pem: bytes) -> Ed25519PublicKey:
    """The published key again. Raises ValueError when it is none."""
    key = load_pem_public_key(pem)
    if not isinstance(key, Ed25519PublicKey):
        raise ValueError("not an Ed25519 key")
    return key


def keywords_of(payload: bytes, signature: bytes) -> tuple[str, str]:
    """The signed text, and the empty place for the seal of the file; they stand in the PDF as its keywords."""
    return f"chub1:{_encode(payload)}.{_encode(signature)}", _EMPTY_SEAL


def sealed(pdf: bytes, key: Ed25519PrivateKey) -> bytes:
    """The file with its seal: a signature of every byte of it, written into the place that was left empty."""
    signature = _encode(key.sign(_sealed_text(pdf)))
    return pdf.replace(_EMPTY_SEAL.encode(), f"chub1file:{signature}".encode())


def check(data: bytes, key: Ed25519PublicKey) -> Checked:
    """Whether a file is a certificate signed with this key, byte for byte as it was made."""
    texts = {(match[1], match[2]) for match in _SIGNED.finditer(data)}
    if len(texts) != 1:
        return Checked(Finding.CHANGED if texts else Finding.NO_CERTIFICATE, {})
    [(text, signature)] = texts
    payload = _decode(text)
    # The seal is a good signature too, but of no statement.
    if not payload.startswith(b"{") or not _holds(key, signature, payload):
        return Checked(Finding.NOT_OURS, {})
    said = json.loads(payload)
    seals = {match[1] for match in _SEAL.finditer(data)}
    without = _SEAL.sub(_EMPTY_SEAL.encode(), data)
    whole = len(seals) == 1 and _holds(key, next(iter(seals)), _sealed_text(without))
    return Checked(Finding.GENUINE if whole else Finding.CHANGED, said)


def _sealed_text(pdf: bytes) -> bytes:
    # Begins with a letter, so that it can never be taken for the signed text, which begins with a brace.
    return b"chub1file " + hashlib.sha256(pdf).hexdigest().encode()


def _holds(key: Ed25519PublicKey, signature: bytes, text: bytes) -> bool:
    try:
        key.verify(_decode(signature), text)
    except InvalidSignature:
        return False
    return True


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decode(text: bytes) -> bytes:
    try:
        data = base64.urlsafe_b64decode(text + b"=" * (-len(text) % 4))
    except ValueError:
        return b""
    # Several spellings decode to the same bytes; only ours counts, so that no byte of a file can be changed unseen.
    return data if _encode(data).encode() == text else b""
