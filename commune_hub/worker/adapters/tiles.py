"""Fetches pieces of a map from the configured tile server, so that nobody's address reaches it."""

import time

import httpx

from commune_hub import __version__

TIMEOUT_SECONDS = 5.0
_LARGEST_TILE = 300_000
# A server that is down is left alone for a while, else every visitor of a map waits for its time-out.
_REST_SECONDS = 60.0
_SIGNATURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF")


class TileServer:
    """A tile server by its address with {z}, {x} and {y}."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._client = httpx.Client(
            timeout=TIMEOUT_SECONDS, headers={"User-Agent": f"commune-hub/{__version__}"}, follow_redirects=False
        )
        self._rest_until = 0.0

    def fetch(self, z: int, x: int, y: int) -> bytes | None:
        """The picture (PNG, JPEG or WebP), or None when there is none to be had now."""
        if time.monotonic() < self._rest_until:
            return None
        url = self._url.replace("{z}", str(z)).replace("{x}", str(x)).replace("{y}", str(y))
        until = time.monotonic() + TIMEOUT_SECONDS
        picture = bytearray()
        try:
            with self._client.stream("GET", url) as answer:
                if answer.status_code != 200:
                    self._rest_if(answer.status_code >= 500 or answer.status_code == 429)
                    return None
                for part in answer.iter_bytes():
                    picture += part
                    if len(picture) > _LARGEST_TILE or time.monotonic() > until:
                        return None
        except httpx.HTTPError:
            self._rest_if(True)
            return None
        return bytes(picture) if picture.startswith(_SIGNATURES) else None

    def close(self) -> None:
        """Give the connections back."""
        self._client.close()

    def _rest_if(self, is_down: bool) -> None:
        if is_down:
            self._rest_until = time.monotonic() + _REST_SECONDS
