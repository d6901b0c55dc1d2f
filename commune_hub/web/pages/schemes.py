"""The rules of the integration schemes, each with the text that it comes from."""

from collections.abc import Iterable
from typing import Any

from flask import g, render_template
from flask.typing import ResponseReturnValue

from commune_hub.base.words import LOCAL
from commune_hub.schemes.loading import in_use, profiles
from commune_hub.schemes.profile import Profile
from commune_hub.speech import law
from commune_hub.web.i18n import speech
from commune_hub.web.pages import pages
from commune_hub.web.request import now
from commune_hub.web.security import guest


@pages.get("/schemes")
@guest
def schemes() -> ResponseReturnValue:
    """Those of this country first, the newest open; then those that are only shown."""
    g.public_page = True
    others = [profile for profile in profiles().values() if not profile.in_use]
    return render_template("public/schemes.html", ours=_shown(in_use()), others=_shown(others))


def _shown(found: Iterable[Profile]) -> list[dict[str, Any]]:
    spoken, today = speech(), now().astimezone(LOCAL).date()
    return [
        {
            "id": profile.id.lower(),
            "name": law.name_of(profile, spoken),
            "full_name": law.full_name_of(profile, spoken),
            "state": law.state_of(profile, today, spoken),
            "open": profile.open_on(today),
            "reliable": profile.reliable,
            "authority": profile.authority_on(today),
            "chapters": law.chapters_of(profile, today, spoken),
            "contradictions": [law.text_in(texts, spoken) for texts in profile.contradictions],
            "sources": law.sources_of(profile, spoken),
        }
        for profile in found
    ]
