"""Settings of an organisation (C-14): contact and colours; unreadable ones are refused with a better shade."""

from dataclasses import asdict

from flask import render_template, request
from flask.typing import ResponseReturnValue

from commune_hub.accounts import queries
from commune_hub.accounts.models import Organisation
from commune_hub.accounts.words import AfterNoShow, Permission
from commune_hub.base.errors import Invalid, NotFound
from commune_hub.base.inputs import Draft, Line
from commune_hub.volunteers.actions import policies
from commune_hub.volunteers.queries import unqualified_in
from commune_hub.volunteers.words import Unqualified
from commune_hub.web import theme
from commune_hub.web.i18n import N_, _
from commune_hub.web.pages import words
from commune_hub.web.pages.staff import staff as pages
from commune_hub.web.pages.staff.forms import Form
from commune_hub.web.request import actor, ask_again, db, go, say
from commune_hub.web.security import staff
from commune_hub.web.tracing import NOBODY, shows


class SettingsDraft(Draft):
    """What an organisation says of itself; an empty colour is the usual one."""

    phone: Line = ""
    mail: Line = ""
    website: Line = ""
    spoken: Line = ""
    brand: Line = ""
    accent: Line = ""
    after_no_show: AfterNoShow = AfterNoShow.NOTHING
    unqualified: Unqualified = Unqualified.WARN


@pages.get("/settings/<organisation_id>")
@staff(Permission.SET_THEME)
@shows(NOBODY)
def settings(organisation_id: str) -> ResponseReturnValue:
    """The form with what stands now."""
    organisation = _own(organisation_id)
    typed = {
        "phone": organisation.phone,
        "mail": organisation.mail,
        "website": organisation.website,
        "spoken": " ".join(organisation.spoken),
        "brand": organisation.theme.get("brand", ""),
        "accent": organisation.theme.get("accent", ""),
        "after_no_show": organisation.after_no_show,
        "unqualified": unqualified_in(db(), organisation.id),
    }
    return _page(organisation, Form(typed))


@pages.post("/settings/<organisation_id>")
@staff(Permission.SET_THEME)
def save_settings(organisation_id: str) -> ResponseReturnValue:
    """Keep contact and colours, or say which colour is too close to the others and which shade would do."""
    organisation = _own(organisation_id)
    ask_again(lambda problems: _page(_own(organisation_id), Form(request.form, problems)))
    draft = SettingsDraft.parse(request.form)
    colours = _colours(draft)
    organisation.phone, organisation.mail, organisation.website = draft.phone, draft.mail, draft.website
    organisation.spoken = draft.spoken.replace(",", " ").lower().split()
    organisation.theme = colours
    organisation.after_no_show = draft.after_no_show
    policies.set_unqualified(db(), organisation=organisation, unqualified=draft.unqualified)
    say(N_("Saved."))
    return go("staff.settings", organisation_id=organisation.public_id)


def _own(public_id: str) -> Organisation:
    organisation = queries.organisation_named(db(), public_id)
    if not actor().may(Permission.SET_THEME, organisation.id):
        raise NotFound("organisation")
    return organisation


def _colours(draft: SettingsDraft) -> dict[str, str]:
    if not draft.brand and not draft.accent:
        return {}
    chosen = theme.Theme.of(draft.brand or theme.Theme().brand, draft.accent or None)
    wrong = theme.objections(chosen)
    if wrong:
        raise Invalid({_field(one.variable): [one.problem] for one in wrong})
    return asdict(chosen)


def _field(variable: str) -> str:
    """The colour on the form that a variable follows from."""
    return "accent" if variable == "accent" else "brand"


def _page(organisation: Organisation, form: Form) -> str:
    return render_template(
        "staff/settings.html",
        organisation=organisation,
        form=form,
        better=_better(form) if form.problems else "",
        after_no_show=[(str(value), _(sentence)) for value, sentence in words.AFTER_NO_SHOW.items()],
        unqualified=[(str(value), _(sentence)) for value, sentence in words.UNQUALIFIED.items()],
    )


def _better(form: Form) -> str:
    """The nearest colours that can be read, in words; nothing when what was typed is no colour."""
    mended = theme.mended(theme.Theme.of(form.value("brand") or theme.Theme().brand, form.value("accent") or None))
    return _("These would do: %(brand)s and %(accent)s.", brand=mended.brand, accent=mended.accent) if mended else ""
