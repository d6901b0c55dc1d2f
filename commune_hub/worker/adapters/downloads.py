"""Fetches a large official file: complete or not at all."""

import os
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import NamedTemporaryFile

import httpx

from commune_hub import __version__

LARGEST_FILE = 300_000_000
_SILENCE_SECONDS = 30.0
_WHOLE_SECONDS = 1800.0
_BEGINNING = 4096


class DownloadFailed(Exception):
    """The file could not be fetched; the message says why."""


def download(
    url: str,
    target: Path,
    *,
    looks_right: Callable[[bytes], bool],
    progress: Callable[[int, int | None], None] = lambda done, whole: None,
    largest: int = LARGEST_FILE,
    silence: float = _SILENCE_SECONDS,
    whole_time: float = _WHOLE_SECONDS,
) -> int:
    """Write the file and return its size; a file that is there stays as it is until the new one is complete.

    `looks_right` gets the first bytes, so that a page that says "sorry" is not taken for the file; `progress`
    the bytes so far and, if the server says it, their whole number. Raises DownloadFailed.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}.", delete=False) as file:
        part = Path(file.name)
        try:
            until = time.monotonic() + whole_time
            done = 0
            with httpx.stream(
                "GET",
                url,
                follow_redirects=True,
                timeout=silence,
                headers={"User-Agent": f"commune-hub/{__version__}"},
            ) as response:
                if response.status_code != httpx.codes.OK:
                    raise DownloadFailed(f"the server answers with status {response.status_code}")
                length = response.headers.get("Content-Length", "")
                whole = int(length) if length.isdigit() else None
                for piece in response.iter_bytes():
                    done += len(piece)
                    if done > largest:
                        raise DownloadFailed(f"the file has more than {largest} bytes")
                    if time.monotonic() > until:
                        raise DownloadFailed(f"the file takes longer than {whole_time:.0f} seconds")
                    file.write(piece)
                    progress(done, whole)
            file.flush()
            os.fsync(file.fileno())
            with part.open("rb") as written:
                if not looks_right(written.read(_BEGINNING)):
                    raise DownloadFailed("what came is another kind of file")
            part.chmod(0o644)
            part.replace(target)
            return done
        except httpx.HTTPError as error:
            raise DownloadFailed(f"{type(error).__name__}: {error}") from error
        finally:
            part.unlink(missing_ok=True)
