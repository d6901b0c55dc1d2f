"""What people are told about signing in and about their access: a code, an invitation, a role, a new authenticator."""

from urllib.parse import urlsplit

from commune_hub.accounts.words import Role
from commune_hub.speech.catalogues import N_, Speech
from commune_hub.speech.sentences import ROLE
from commune_hub.worker.mail.letter import Letter, Sender


def sign_in_code(code: str, speech: Speech, *, base_url: str) -> Letter:
    """Six digits that sign somebody in. They stand in no subject, which a locked phone shows to everybody."""
    site = urlsplit(base_url).netloc
    return Letter(
        speech=speech,
        sender=Sender(),
        subject=speech.say(N_("Your code to sign in")),
        heading=speech.say(N_("Your code to sign in")),
        code=code,
        paragraphs=(
            speech.say(N_("Type these six digits on the page where you asked for them.")),
            speech.say(N_("The code is valid for 15 minutes. Give it to nobody.")),
        ),
        footer=(speech.say(N_("You did not ask for a code? Then you need not do anything.")),),
        sms=speech.say(N_("%(code)s is your code for %(site)s. Give it to nobody."), code=code, site=site),
    )


def invitation(name: str, role: Role, sender: Sender, speech: Speech, *, url: str) -> Letter:
    """Somebody is to work with the hub and chooses a password behind the link."""
    organisation, post = sender.name, speech.say(ROLE[role])
    return Letter(
        speech=speech,
        sender=sender,
        subject=speech.say(N_("Your access to commune-hub")),
        heading=speech.say(N_("You are invited")),
        greeting=speech.say(N_("Hello %(name)s,"), name=name),
        paragraphs=(
            speech.say(N_("%(organiser)s gives you access to commune-hub."), organiser=organisation),
            speech.say(N_("Your role: %(role)s."), role=post),
            speech.say(N_("Choose a password with the button. The link works once, for seven days.")),
        ),
        button=(speech.say(N_("Choose a password")), url),
        footer=(speech.say(N_("You do not know what this is about? Then you need not do anything.")),),
        sms=speech.say(
            N_("%(organiser)s gives you access to commune-hub: %(url)s"), organiser=organisation, url=url
        ),
    )


def role_given(name: str, role: Role, sender: Sender, speech: Speech, *, url: str) -> Letter:
    """Somebody who has an account already has one more role."""
    return Letter(
        speech=speech,
        sender=sender,
        subject=speech.say(N_("Your access to commune-hub has changed")),
        heading=speech.say(N_("You have one more role")),
        greeting=speech.say(N_("Hello %(name)s,"), name=name),
        paragraphs=(
            speech.say(N_("%(organiser)s gave you one more role in commune-hub."), organiser=sender.name),
            speech.say(N_("Your role: %(role)s."), role=speech.say(ROLE[role])),
            speech.say(N_("You sign in as before.")),
        ),
        button=(speech.say(N_("Sign in")), url),
        sms=speech.say(N_("Your access to commune-hub has changed")),
    )


def second_factor(name: str, speech: Speech, *, url: str) -> Letter:
    """Somebody was asked to take away the authenticator of this account: its owner must know."""
    return Letter(
        speech=speech,
        sender=Sender(),
        subject=speech.say(N_("Your access to commune-hub has changed")),
        heading=speech.say(N_("Your authenticator was taken away")),
        greeting=speech.say(N_("Hello %(name)s,"), name=name),
        paragraphs=(
            speech.say(N_("Your old authenticator no longer counts, and you are signed out everywhere.")),
            speech.say(N_("At your next sign-in you set up a new one.")),
            speech.say(N_("You did not ask for this? Then change your password at once and tell your coordinator.")),
        ),
        button=(speech.say(N_("Sign in")), url),
        sms=speech.say(N_("Your access to commune-hub has changed")),
    )
