"""The pages for visitors, learners and volunteers: one blueprint under the language."""

from flask import Blueprint

pages = Blueprint("pages", __name__, url_prefix="/<language:lang>")

from commune_hub.web.pages import (  # noqa: E402,F401 - they register their routes
    account,
    activity,
    alerts,
    booking,
    card,
    coach,
    communes,
    contract,
    info,
    invitation,
    many_dates,
    maps,
    my_data,
    my_pairs,
    outside,
    pair,
    papers,
    profile,
    roadmap,
    schemes,
    search,
    season_question,
    styleguide,
    verify,
)
from commune_hub.web.pages.volunteer import (  # noqa: E402,F401 - they register their routes
    announce,
    learning,
    own,
    own_roll,
    today,
)
