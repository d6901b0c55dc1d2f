"""The reference national record, started next door for the demo: another process, spoken to over HTTP only."""

import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

# What its demo knows the hub as (national_record/demo.py); a test compares the two.
CLIENT, SECRET, ORGANISATION = "commune-hub-demo", "only-for-the-demo-of-the-hub", "commune-hub"
_PATIENCE = 90.0


@contextmanager
def record_next_door(folder: Path, *, host: str, beside: int) -> Iterator[str]:
    """A running record with invented people in this folder; yields its address. It prints its own table."""
    port = _free_port(host, beside + 1)
    command = [sys.executable, "-m", "national_record.cli", "demo", "--data-dir", str(folder)]
    process = subprocess.Popen([*command, "--host", host, "--port", str(port)])
    url = f"http://{'127.0.0.1' if host in ('0.0.0.0', '::') else host}:{port}"
    try:
        _wait_for(process, f"{url}/healthz")
        yield url
    finally:
        process.terminate()
        process.wait(timeout=30)


def _free_port(host: str, wanted: int) -> int:
    """The wanted port, or any other when somebody has it."""
    for port in (wanted, 0):
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except (OSError, OverflowError):
                continue
            return int(probe.getsockname()[1])
    raise click.ClickException("No port is free for the record next door.")


def _wait_for(process: subprocess.Popen[bytes], url: str) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.2)
    raise click.ClickException("The record next door does not start.")
