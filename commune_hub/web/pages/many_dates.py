"""Several dates of an activity, or the whole season, in one go: one form, one message, a link for each date."""

from flask import g, render_template, request
from flask.typing import ResponseReturnValue

from commune_hub.base.errors import NotFound
from commune_hub.base.ids import new_public_id
from commune_hub.events import queries
from commune_hub.events.actions import joining
from commune_hub.events.inputs import ManyDatesDraft
from commune_hub.events.models import Activity, Signup
from commune_hub.events.words import SignupState
from commune_hub.speech import telling
from commune_hub.web.i18n import speech
from commune_hub.web.pages import activity as one_date
from commune_hub.web.pages import pages, parts
from commune_hub.web.request import Category, Problems, ask_again, back_to, db, go, now, say
from commune_hub.web.security import guest

_LONGEST_SEASON = 400


@pages.route("/a/<activity_id>/dates", methods=["GET", "POST"])
@guest
def many_dates(activity_id: str) -> ResponseReturnValue:
    """Tick the days, or take the whole season."""
    found = _with_dates(activity_id)
    if request.method == "GET":
        g.public_page = True
        return _page(found, {})
    back_to("pages.many_dates", activity_id=activity_id)
    ask_again(lambda problems: _page(_with_dates(activity_id), problems))
    draft = ManyDatesDraft.parse(request.form)
    season = [option[0] for option in _options(found) if not option[5]]
    answers = joining.join_many(
        db(), activity=found, draft=draft, season=season, language=speech().code, now=now()
    )  # fmt: skip
    taken = [answer for _pool, answer in answers if isinstance(answer, Signup)]
    _tell(taken, left_out=len(answers) - len(taken))
    return go("pages.booking", link_key=taken[0].link_key, _anchor="together" if len(taken) > 1 else None)


def _with_dates(activity_id: str) -> Activity:
    found = queries.published_activity(db(), activity_id)
    if not one_date.takes_several(found, _options(found)):
        raise NotFound("dates")
    return found


def _options(found: Activity) -> list[parts.Option]:
    meetings = queries.upcoming_meetings(db(), found.id, now(), limit=_LONGEST_SEASON)
    return parts.dates_to_choose(meetings, speech(), now())


def _page(found: Activity, problems: Problems) -> str:
    parts.wear_theme(found.organisation)
    options = _options(found)
    wrong = one_date.in_sentences(problems)
    return render_template(
        "public/many_dates.html",
        activity=found,
        title=telling.title_of(found, speech()),
        badges=parts.badges(found.tags),
        rhythm=telling.rhythm(found, speech()),
        options=options,
        open_dates=sum(not option[5] for option in options),
        ticked=request.form.getlist("pools"),
        languages_to_choose=one_date.languages_to_choose(found),
        communes=one_date.communes_to_choose(found),
        asks_contract=one_date.asks_contract(found),
        priority=telling.priority_words(found, speech()),
        contact=parts.contact_for(found.organisation, speech(), found),
        form=request.form,
        form_token=request.form.get("form_token") or new_public_id(),
        problems=wrong,
        errors=[(field, words) for field in ("pools", "name", "contact") for words in wrong.get(field, ())],
    )


def _tell(taken: list[Signup], *, left_out: int) -> None:
    spoken = speech()
    seated = sum(1 for signup in taken if signup.state == SignupState.CONFIRMED)
    waiting = len(taken) - seated
    if seated:
        say(spoken.say_many("You have a seat on one day.", "You have a seat on %(num)s days.", seated))
    if waiting:
        many = "You are on the waiting list for %(num)s days."
        say(spoken.say_many("You are on the waiting list for one day.", many, waiting))
    if left_out:
        many = "%(num)s days were left out: full, or you had signed up before."
        one = "One day was left out: full, or you had signed up before."
        say(spoken.say_many(one, many, left_out), Category.WARN)
