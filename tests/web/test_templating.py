"""Templates speak the language of the request, and what is typed into them stays text."""

from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest
from flask import Flask
from jinja2 import DictLoader
from markupsafe import Markup

from commune_hub.web import templating
from commune_hub.web.cards import ActivityCard, PractisedLanguage, escaped_cards
from commune_hub.web.templating import SpeakingEnvironment

Say = Callable[..., str]
FRENCH = {"Search": "Chercher", "100 %% free": "100 %% gratuit", "%(n)s places": "%(n)s <b>places</b>"}
SPEECHES = {
    "fr": SimpleNamespace(code="fr", gettext=lambda sentence: FRENCH.get(sentence, sentence)),
    "en": SimpleNamespace(code="en", gettext=lambda sentence: sentence),
}


@pytest.fixture
def say(monkeypatch: pytest.MonkeyPatch) -> Iterator[Say]:
    """Renders a template written on the spot, in a language."""
    app, now = Flask(__name__), {"language": "en"}
    app.jinja_environment = SpeakingEnvironment
    app.jinja_env.add_extension("jinja2.ext.i18n")
    spoken = lambda: SPEECHES[now["language"]]  # noqa: E731
    monkeypatch.setattr(templating, "speech", spoken)
    app.jinja_env.install_gettext_callables(
        lambda sentence: spoken().gettext(sentence), lambda one, many, n: one if n == 1 else many, newstyle=True
    )
    sources: dict[str, str] = {
        "part.html": "{{ _('Search') }}",
        "macros.html": "{% macro button() %}<b>{{ _('Search') }}</b>{% endmacro %}",
        "frame.html": "{{ _('Search') }}{% block main %}{% endblock %}",
    }
    app.jinja_env.loader = DictLoader(sources)

    def said(source: str, language: str = "en", **values: object) -> str:
        now["language"] = language
        sources["page.html"] = source
        return app.jinja_env.get_template("page.html").render(values)

    with app.app_context():
        yield said


def test_a_fixed_sentence_stands_in_the_language_of_the_request(say: Say) -> None:
    source = "{{ _('Search') }} {% trans %}Search{% endtrans %} {{ [_('Search')]|join }}"

    assert [say(source, language) for language in ("en", "fr", "en")] == [
        "Search Search Search",
        "Chercher Chercher Chercher",
        "Search Search Search",
    ]


def test_parents_includes_and_imports_speak_it_too(say: Say) -> None:
    source = (
        "{% extends 'frame.html' %}{% from 'macros.html' import button %}"
        "{% block main %} {% include 'part.html' %} {{ button() }}{% endblock %}"
    )

    assert [say(source, language) for language in ("fr", "en")] == [
        "Chercher Chercher <b>Chercher</b>",
        "Search Search <b>Search</b>",
    ]


def test_a_sentence_with_a_value_is_filled_in_when_the_page_is_made(say: Say) -> None:
    source = "{{ _('%(n)s places', n=n) }}; {{ _('100 %% free') }}"

    assert say(source, "fr", n="<3>") == "&lt;3&gt; <b>places</b>; 100 % gratuit"


def test_what_is_typed_is_escaped_and_what_is_markup_is_not(say: Say) -> None:
    values = {"typed": "<script>\"'&", "number": 3, "markup": Markup("<b>"), "nothing": None}

    printed = say("{{ typed }}|{{ number }}|{{ markup }}|{{ nothing }}|{{ missing }}|{{ typed ~ markup }}", **values)

    assert printed == ("&lt;script&gt;&#34;&#39;&amp;|3|<b>|None||&lt;script&gt;&#34;&#39;&amp;<b>")


def test_cards_are_escaped_value_by_value() -> None:
    evil = "<b>\"'&"
    langs = (PractisedLanguage("LB", "lb", "<i>"),)
    card = ActivityCard(*[evil] * 7, langs, *[evil] * 8)

    rows = list(escaped_cards([card, card._replace(title="plain\x1ftext")]))

    safe = "&lt;b&gt;&#34;&#39;&amp;"
    badge = '<span class="lang LB"><i aria-hidden="true">LB</i><span lang="lb">&lt;i&gt;</span></span>'
    assert rows == [
        [*[safe] * 7, badge, *[safe] * 8],
        [safe, safe, "plain\x1ftext", *[safe] * 4, badge, *[safe] * 8],
    ]


def test_no_cards_are_no_rows() -> None:
    assert list(escaped_cards([])) == []
