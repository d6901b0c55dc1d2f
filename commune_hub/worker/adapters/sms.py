"""Hands text messages to an HTTP gateway: one POST with JSON for each, with a time-out."""

import httpx

from commune_hub.worker.work import Failed, Hopeless

TIMEOUT_SECONDS = 15.0
# The gateway asks to come back later; all other answers from 400 to 499 are about this message.
_LATER = (408, 425, 429)


class HttpGateway:
    """One gateway, as the settings name it. It gets {"to", "text", "key"}; the same key is the same message."""

    def __init__(self, url: str, token: str, *, timeout: float = TIMEOUT_SECONDS) -> None:
        self._url, self._timeout = url, timeout
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}

    def send(self, *, number: str, text: str, key: str) -> None:
        """Send it. Raises Hopeless when the gateway refuses the message, Failed for all that may pass.

        No error carries what the gateway said: it may repeat number and text.
        """
        try:
            answer = httpx.post(
                self._url, json={"to": number, "text": text, "key": key}, timeout=self._timeout,
                headers={**self._headers, "Idempotency-Key": key}, follow_redirects=False,
            )  # fmt: skip
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise Failed(f"sms gateway: {type(error).__name__}") from None
        if answer.is_success:
            return
        refused = 400 <= answer.status_code < 500 and answer.status_code not in _LATER
        raise (Hopeless if refused else Failed)(f"sms gateway: {answer.status_code}")
