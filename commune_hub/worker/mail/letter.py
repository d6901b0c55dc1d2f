"""A letter: what one message says, before it becomes mail (text and HTML from the same sentences) or a text message."""

import re
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from commune_hub.accounts.models import Organisation
from commune_hub.events.calendars import Method
from commune_hub.speech.catalogues import Speech

OUR_NAME = "commune-hub"
_HEX = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True, slots=True)
class Sender:
    """In whose name a letter goes out: shown as sender, answered by mail or phone; with its colours."""

    name: str = OUR_NAME
    mail: str = ""
    phone: str = ""
    brand: str = "#0b5563"
    on_brand: str = "#ffffff"

    @classmethod
    def of(cls, organisation: Organisation, *, mail: str = "", phone: str = "") -> "Sender":
        """An organisation; `mail` and `phone` are those of one activity, where it has its own."""
        colours = {
            name: organisation.theme[name]
            for name in ("brand", "on_brand")
            if _HEX.fullmatch(organisation.theme.get(name, ""))
        }
        return cls(organisation.name, mail or organisation.mail, phone or organisation.phone, **colours)


@dataclass(frozen=True, slots=True)
class Letter:
    """The sentences of one message, in the reader's language, and what comes with them.

    `subject` names nobody and no kind of activity, because a subject is read over people's shoulders. `facts` are
    pairs of a word and a value, `links` are words, what is to be known of them, and an address; `button` is its words
    and its address. `quoted` are lines that somebody wrote in a language of their own, `quoted_in`. `sms` is the whole
    message in one sentence.
    """

    speech: Speech
    sender: Sender
    subject: str
    heading: str
    sms: str
    greeting: str = ""
    code: str = ""
    paragraphs: tuple[str, ...] = ()
    quoted: tuple[str, ...] = ()
    quoted_in: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    links: tuple[tuple[str, str, str], ...] = ()
    button: tuple[str, str] | None = None
    footer: tuple[str, ...] = ()
    calendar: tuple[Method, bytes] | None = None
    unsubscribe: str = ""

    def as_text(self) -> str:
        """The plain text of the mail."""
        return _TEXT.get_template("frame.txt").render(letter=self, line="-" * len(self.heading)).strip() + "\n"

    def as_html(self) -> str:
        """The same sentences as a simple page."""
        return _HTML.get_template("frame.html").render(letter=self)


_FOLDER = FileSystemLoader(Path(__file__).parent)
_TEXT = Environment(loader=_FOLDER, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
_HTML = Environment(
    loader=_FOLDER, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=True
)
