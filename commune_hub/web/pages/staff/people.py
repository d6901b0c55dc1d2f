"""Who works here: invite, give a role, end a role."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from commune_hub.accounts import actions, queries, roles
from commune_hub.accounts.inputs import InvitationDraft
from commune_hub.accounts.models import Organisation
from commune_hub.accounts.permissions import MAY_INVITE, Actor
from commune_hub.accounts.words import OF_ONE_ORGANISATION, Permission, Role, TracedThing
from commune_hub.base import outbox
from commune_hub.base.errors import InputCode, Invalid
from commune_hub.web.i18n import N_, _, speech
from commune_hub.web.pages import words
from commune_hub.web.pages.staff import staff as pages
from commune_hub.web.pages.staff.forms import Form
from commune_hub.web.request import actor, ask_again, back_to, db, go, now, say
from commune_hub.web.security import staff
from commune_hub.web.tracing import shows


@pages.route("/people", methods=["GET", "POST"])
@staff(Permission.INVITE)
@shows(TracedThing.STAFF)
def people() -> ResponseReturnValue:
    """Who works here, who is invited, and the form to invite somebody, or to give one more role to a colleague."""
    if request.method == "GET":
        return _page(Form({"language": speech().code, "role": Role.OFFICER}))
    back_to("staff.people")
    ask_again(lambda problems: _page(Form(request.form, problems)))
    draft = InvitationDraft.parse(request.form)
    organisation = _chosen(draft)
    known = queries.account_at(db(), queries.contact_hash(db(), draft.mail), closed_too=True)
    if known is not None:
        roles.give_role(db(), account=known, role=draft.role, organisation=organisation, actor=actor(), now=now())
        say(N_("They have an account: it has this role now, and they get a mail about it."))
        return go("staff.people")
    invitation, _token = actions.invite(
        db(), actor=actor(), name=draft.name, reach=draft.mail, language=draft.language, role=draft.role,
        organisation=organisation, now=now(),
    )  # fmt: skip
    outbox.enqueue(
        db(), "invitation_mail", due_at=now(), now=now(), key=f"invitation_mail:{invitation.public_id}",
        invitation=invitation.public_id,
    )  # fmt: skip
    say(N_("The invitation is on its way. It is valid for seven days."))
    return go("staff.people")


def _chosen(draft: InvitationDraft) -> Organisation | None:
    """The organisation for the role: as chosen, or the only one there is."""
    ours = queries.organisations_in(db(), actor().organisation_ids(Permission.INVITE))
    if draft.organisation:
        found = next((one for one in ours if one.public_id == draft.organisation), None)
        if found is None:
            raise Invalid({"organisation": [InputCode.NOT_A_CHOICE]})
        return found
    return ours[0] if draft.role in OF_ONE_ORGANISATION and len(ours) == 1 else None


def _page(form: Form) -> str:
    who, organisation_ids = actor(), actor().organisation_ids(Permission.INVITE)
    organisations = queries.organisations_in(db(), organisation_ids)
    return render_template(
        "staff/people.html",
        form=form,
        settings_of=[
            (one.name, url_for("staff.settings", organisation_id=one.public_id))
            for one in organisations[:3]
            if who.may(Permission.SET_THEME, one.id)
        ],
        roles=[(role, _(words.ROLE[role])) for role in roles_to_give(who)],
        organisations=[(one.public_id, one.name) for one in organisations],
        grants=[
            (
                grant.account.person.name,
                _(words.ROLE[Role(grant.role)]),
                grant.organisation.name if grant.organisation else "",
                grant,
                Role(grant.role) in roles_to_give(who) and grant.account_id != who.account_id,
                grant.account.totp_last_step > 0 and roles.may_renew(grant.account, who),
            )
            for grant in queries.staff_in(db(), organisation_ids)
        ],
        invitations=[
            (
                invitation.person.name,
                _(words.ROLE[Role(invitation.role)]),
                invitation.organisation.name if invitation.organisation else "",
                speech().day(invitation.expires_at.date()),
            )
            for invitation in queries.open_invitations(db(), organisation_ids, now())
        ],
    )


def roles_to_give(who: Actor) -> list[Role]:
    """The roles that this person may give, in the order of the glossary."""
    given = {role for held, _held_in in who.roles for role in MAY_INVITE.get(held, frozenset())}
    return [role for role in Role if role in given]


@pages.post("/people/<account_id>/end")
@staff(Permission.INVITE)
def end_role(account_id: str) -> ResponseReturnValue:
    """Take a role away."""
    back_to("staff.people")
    grant = queries.grant_of(db(), account_id, request.form.get("role", ""), request.form.get("organisation", ""))
    actions.end_role(db(), grant=grant, actor=actor(), now=now())
    say(N_("The role has ended."))
    return go("staff.people")


@pages.post("/people/<account_id>/authenticator")
@staff(Permission.INVITE)
def renew_authenticator(account_id: str) -> ResponseReturnValue:
    """The phone with the authenticator is lost: a new one is set up at the next sign-in."""
    back_to("staff.people")
    roles.renew_second_factor(db(), account_id=account_id, actor=actor(), now=now())
    say(N_("The old authenticator no longer counts. At the next sign-in they set up a new one. They get a mail."))
    return go("staff.people")
