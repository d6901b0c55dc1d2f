"""The commands `commune-hub certificate ...`: check a file without asking anybody, print the public key."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from commune_hub.base.ids import as_read
from commune_hub.base.settings import PREFIX, Settings
from commune_hub.cli import opened
from commune_hub.events.certificate_documents import (
    PURPOSE,
    Checked,
    Finding,
    check,
    public_key_from,
    public_pem,
    signing_key,
)

BIGGEST = 20 * 1024 * 1024
SENTENCES = {
    Finding.GENUINE: "GENUINE: signed with this key, and not a byte was changed since.",
    Finding.CHANGED: "CHANGED: the file is not as it was made. Do not trust what it shows; what was signed is below.",
    Finding.NOT_OURS: "NOT GENUINE: it was not signed with this key.",
    Finding.NO_CERTIFICATE: "NO CERTIFICATE: there is no signed text in this file.",
}


@click.group()
def certificate() -> None:
    """Certificates of attendance: check a file, print the key."""


@certificate.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--key", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Published key (PEM).")
@click.option("--json", "as_json", is_flag=True, help="Print the finding and the signed text as JSON.")
def verify(file: Path, key: Path | None, as_json: bool) -> None:
    """Check whether a certificate (PDF) is genuine, without any network. Exit code 1 if it is not, or is void.

    The key of an installation stands at /.well-known/commune-hub-certificates.pem; without --key the one of the
    installation on this machine is used.
    """
    if file.stat().st_size > BIGGEST:
        raise click.ClickException(f"{file} is too big for a certificate.")
    checked = check(file.read_bytes(), _key_in(key) if key else _own_key())
    if as_json:
        click.echo(json.dumps({"finding": checked.finding, "said": checked.said}, ensure_ascii=False, indent=1))
    else:
        _tell(checked)
    if checked.finding is not Finding.GENUINE or "voided_on" in checked.said:
        raise click.exceptions.Exit(1)


def _tell(checked: Checked) -> None:
    click.echo(SENTENCES[checked.finding])
    if not checked.said:
        return
    for name, value in _told(checked.said).items():
        click.echo(f"  {name:12} {value}")
    if "voided_on" in checked.said:
        click.echo(f"VOID since {checked.said['voided_on']}: it no longer holds.")
    else:
        code = as_read(checked.said["code"])
        click.echo(f"Whether it was made void since cannot be seen here. Ask the issuer's site: /verify/{code}")


def _told(said: Mapping[str, Any]) -> dict[str, str]:
    """The signed text for people: it is trusted, so what the file shows is compared with this."""
    titles = " / ".join(said["titles"].values())
    return {
        "name": said["name"],
        "activity": f"{said['kind']}{f' ({titles})' if titles else ''}",
        "languages": " ".join([*said["languages"], *said["levels"]]),
        "days": ", ".join(said["days"]),
        "attended": f"{said['minutes']} of {said['of_minutes']} minutes, {said['attended']} of {said['held']} meetings",
        "counts for": said["counts_for"],
        "issuer": said["issuer"],
        "issued on": said["issued_on"],
    }


def _key_in(path: Path) -> Ed25519PublicKey:
    try:
        return public_key_from(path.read_bytes())
    except ValueError as error:
        raise click.ClickException(f"{path} is not the published key of an installation.") from error


def _own_key() -> Ed25519PublicKey:
    # Reading the settings would make a secret where there is none, and with it nothing would be genuine.
    secret = Path(os.environ.get(f"{PREFIX}DATA_DIR", Settings.data_dir)) / "secret"
    if not os.environ.get(f"{PREFIX}SECRET_KEY") and not secret.is_file():
        raise click.ClickException("There is no installation here. Give its published key: --key FILE")
    with opened() as (_, store):
        return signing_key(store.keys.derive(PURPOSE)).public_key()


@certificate.command("public-key")
def public_key() -> None:
    """Print the key with which anybody can check the certificates of this installation (PEM)."""
    with opened() as (_, store):
        click.echo(public_pem(signing_key(store.keys.derive(PURPOSE))).decode(), nl=False)
