"""Hands mail to an SMTP server, with time-outs, STARTTLS or TLS, and a login where one is set."""

import smtplib
import ssl
from contextlib import suppress
from email.message import EmailMessage

from commune_hub.base.settings import Settings
from commune_hub.worker.work import Failed, Hopeless

TIMEOUT_SECONDS = 20


class Smtp:
    """One mail server, as the settings name it."""

    def __init__(self, settings: Settings, helo: str) -> None:
        self._settings = settings
        # Without a name of our own smtplib asks the resolver for one, which can take its time.
        self._helo = helo

    def deliver(self, message: EmailMessage) -> None:
        """Give one mail to the server. Raises Hopeless when it knows no such recipient, Failed for all that may pass.

        No error carries what the server said: it often repeats the address.
        """
        try:
            server = self._connect()
        except (smtplib.SMTPException, OSError) as error:
            raise Failed(_named(error)) from None
        try:
            server.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            code = next(iter(error.recipients.values()))[0]
            raise (Hopeless if code >= 500 else Failed)(f"recipient refused: {code}") from None
        except smtplib.SMTPNotSupportedError:
            raise Hopeless("the mail server does not know such addresses") from None
        except (smtplib.SMTPException, OSError) as error:
            raise Failed(_named(error)) from None
        finally:
            # The mail is accepted or refused by now; a goodbye that fails changes nothing.
            with suppress(smtplib.SMTPException, OSError):
                server.quit()
            server.close()

    def greet(self) -> None:
        """Connect, log in and leave again (the doctor). Raises Failed."""
        try:
            server = self._connect()
            server.quit()
        except (smtplib.SMTPException, OSError) as error:
            raise Failed(_named(error)) from None

    def _connect(self) -> smtplib.SMTP:
        settings = self._settings
        host, port = settings.mail_host, int(settings.mail_port)
        if settings.mail_security == "tls":
            context = ssl.create_default_context()
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, self._helo, timeout=TIMEOUT_SECONDS, context=context)
        else:
            server = smtplib.SMTP(host, port, self._helo, timeout=TIMEOUT_SECONDS)
        try:
            if settings.mail_security == "starttls":
                server.starttls(context=ssl.create_default_context())
            if settings.mail_user:
                server.login(settings.mail_user, settings.mail_password)
        except BaseException:
            server.close()
            raise
        return server


def _named(error: Exception) -> str:
    code = getattr(error, "smtp_code", None)
    return f"mail server: {type(error).__name__}" + (f" {code}" if code else "")
