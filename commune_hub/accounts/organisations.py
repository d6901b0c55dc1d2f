"""Adding organisations: a commune, a syndicate of communes, an association, the national authority."""

import re
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from commune_hub.accounts.models import Organisation, OrganisationCommune
from commune_hub.accounts.words import AccountRefusal, OrganisationKind
from commune_hub.base.errors import InputCode, Invalid, NotFound, Refused
from commune_hub.places.communes import commune_by_slug, commune_of, is_commune
from commune_hub.places.spelling import folded

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def add_organisation(
    session: Session,
    *,
    name: str,
    kind: OrganisationKind,
    communes: Sequence[str],
    now: datetime,
    slug: str = "",
    phone: str = "",
    mail: str = "",
    website: str = "",
    spoken: Sequence[str] = (),
) -> Organisation:
    """A new organisation for these communes (LAU2 codes or slugs). Raises Refused when the slug is taken."""
    lau2s = [_lau2(commune) for commune in communes]
    slug = slug or re.sub(r"[^a-z0-9]+", "-", folded(name)).strip("-")
    if not _SLUG.fullmatch(slug) or len(slug) > 80:
        raise Invalid({"slug": [InputCode.NOT_A_CHOICE]})
    if session.scalar(select(Organisation.id).where(Organisation.slug == slug)) is not None:
        raise Refused(AccountRefusal.ORGANISATION_EXISTS)
    organisation = Organisation(
        name=name, kind=kind, slug=slug, phone=phone, mail=mail, website=website, spoken=list(spoken), theme={},
        created_at=now,
    )  # fmt: skip
    organisation.communes.extend(OrganisationCommune(lau2=lau2) for lau2 in dict.fromkeys(lau2s))
    session.add(organisation)
    session.flush()
    return organisation


def organisation_by_slug(session: Session, slug: str) -> Organisation:
    """The organisation with this slug. Raises NotFound."""
    found = session.scalar(select(Organisation).where(Organisation.slug == slug))
    if found is None:
        raise NotFound("organisation")
    return found


def _lau2(commune: str) -> str:
    if is_commune(commune):
        return commune_of(commune).lau2
    found = commune_by_slug(commune)
    if found is None:
        raise Invalid({"commune": [InputCode.UNKNOWN_PLACE]})
    return found.lau2
