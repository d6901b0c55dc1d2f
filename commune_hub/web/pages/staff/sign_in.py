"""Signing in with two factors, taking up an invitation, another password."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from pyotp import TOTP

from commune_hub.accounts import actions, attempts, queries
from commune_hub.accounts.models import Account
from commune_hub.accounts.rules import reach_from
from commune_hub.accounts.words import AccountRefusal, ContactKind, Role, SessionKind
from commune_hub.base import passwords
from commune_hub.base.errors import InputCode, Invalid, Refused
from commune_hub.web import tries
from commune_hub.web.i18n import N_, _
from commune_hub.web.pages import parts, words
from commune_hub.web.pages.staff import staff as pages
from commune_hub.web.pages.staff.forms import Form
from commune_hub.web.request import Problems, actor, ask_again, back_to, db, go, now, say, store
from commune_hub.web.security import guest, set_sign_in_cookie, staff
from commune_hub.web.tracing import NOBODY, shows


@pages.route("/sign-in", methods=["GET", "POST"])
@guest
def sign_in() -> ResponseReturnValue:
    """The first factor. Whoever is wrong reads the same words after the same time, with or without an account."""
    if request.method == "GET":
        return _sign_in_form()
    reach = reach_from(request.form.get("mail", ""))
    typed = request.form.get("mail", "").strip().casefold()[:300]
    attempt = tries.remembered("sign in", reach.value if reach else typed)
    if attempt is None:
        return _sign_in_form(AccountRefusal.TOO_MANY_TRIES), 429

    with store().reading() as session:
        account = actions.check_password(session, reach=reach, password=request.form.get("password", ""))
    if account is None:
        return _sign_in_form(AccountRefusal.WRONG_LOGIN), 422

    attempts.succeeded(db(), attempt)
    account = queries.account_of(db(), account.id)
    if account.totp_sealed is None:
        actions.begin_totp(db(), account=account)
    token = actions.sign_in_staff(db(), account=account, now=now(), second_factor=False)
    answer = go("staff.second_factor")
    set_sign_in_cookie(answer, token, SessionKind.STAFF)
    return answer


def _sign_in_form(refusal: AccountRefusal | None = None) -> str:
    wrong = words.refusal(Refused(refusal)) if refusal else ""
    return render_template("staff/sign_in.html", mail=request.form.get("mail", ""), wrong=wrong)


@pages.route("/sign-in/second-factor", methods=["GET", "POST"])
@guest
def second_factor() -> ResponseReturnValue:
    """The code of the authenticator app; at the first sign-in the app is set up here."""
    if not current_user.is_authenticated or current_user.actor is None:
        return go("staff.sign_in")
    if current_user.second_factor:
        return go("staff.today")
    half, who = current_user.token, actor()
    if request.method == "GET":
        return _second_factor_form(who.account_id)

    attempt = tries.remembered("second factor", who.public_id)
    if attempt is None:
        return _second_factor_form(who.account_id, AccountRefusal.TOO_MANY_TRIES), 429
    account = queries.account_of(db(), who.account_id, lock=True)
    if not actions.check_totp(db(), account=account, code=request.form.get("code", ""), now=now()):
        return _second_factor_form(who.account_id, AccountRefusal.WRONG_CODE), 422

    attempts.succeeded(db(), attempt)
    return _signed_in(account, instead_of=half)


def _second_factor_form(account_id: int, refusal: AccountRefusal | None = None) -> str:
    account = queries.account_of(db(), account_id)
    secret = "" if account.totp_last_step else actions.begin_totp(db(), account=account)
    wrong = words.refusal(Refused(refusal)) if refusal else ""
    if not secret:
        return render_template("staff/second_factor.html", wrong=wrong)
    contact = queries.contact_of(account.person, ContactKind.MAIL)
    uri = TOTP(secret).provisioning_uri(name=contact.value if contact else "", issuer_name="commune-hub")
    grouped = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    return render_template("staff/second_factor.html", wrong=wrong, secret=grouped, uri=uri, qr=parts.qr_svg(uri))


def _signed_in(account: Account, *, instead_of: str) -> ResponseReturnValue:
    """A new token for a session that can do more, so that an old one that leaked is worth nothing."""
    actions.sign_out(db(), token=instead_of)
    token = actions.sign_in_staff(db(), account=account, now=now(), second_factor=True)
    answer = go("staff.today")
    set_sign_in_cookie(answer, token, SessionKind.STAFF)
    return answer


@pages.route("/invitation/<token>", methods=["GET", "POST"])
@guest
def accept_invitation(token: str) -> ResponseReturnValue:
    """A password for a new account. The link works once, and only the button uses it up: mail scanners follow links."""
    invitation = queries.invitation_behind(db(), token, now())
    if invitation is None:
        return render_template("staff/invitation_over.html"), 410
    back_to("staff.accept_invitation", token=token)

    def form(problems: Problems) -> str:
        found = queries.invitation_behind(db(), token, now())
        assert found is not None
        role = _(words.ROLE[Role(found.role)])
        return render_template("staff/accept_invitation.html", invitation=found, role=role, form=Form({}, problems))

    if request.method == "GET":
        return form({})
    ask_again(form)
    _check_twice(request.form.get("password", ""), request.form.get("again", ""))
    actions.accept_invitation(db(), token=token, password=request.form.get("password", ""), now=now())
    say(N_("Your account is ready. Sign in with your mail address and your password."))
    return go("staff.sign_in")


def _check_twice(password: str, again: str) -> None:
    problem = passwords.problem_with(password)
    if problem is not None:
        raise Invalid({"password": [problem]})
    if password != again:
        raise Invalid({"again": [InputCode.NOT_THE_SAME]})


@pages.route("/password", methods=["GET", "POST"])
@staff()
@shows(NOBODY)
def change_password() -> ResponseReturnValue:
    """Another password, with the old one; every other session of the account ends."""
    if request.method == "GET":
        return _password_form({})
    who, token = actor(), current_user.token
    attempt = tries.remembered("change password", who.public_id)
    if attempt is None:
        return _password_form({}, AccountRefusal.TOO_MANY_TRIES), 429
    account = queries.account_of(db(), who.account_id)
    if not passwords.matches(account.password, request.form.get("old", "")):
        return _password_form({}, AccountRefusal.WRONG_PASSWORD), 422

    ask_again(_password_form)
    _check_twice(request.form.get("password", ""), request.form.get("again", ""))
    attempts.succeeded(db(), attempt)
    actions.change_password(db(), account=account, password=request.form.get("password", ""))
    say(N_("Your password is changed. You are signed out everywhere else."))
    return _signed_in(account, instead_of=token)


def _password_form(problems: Problems, refusal: AccountRefusal | None = None) -> str:
    return render_template(
        "staff/change_password.html", form=Form({}, problems), wrong=words.refusal(Refused(refusal)) if refusal else ""
    )
