"""Ideas for conversations: put there, looked at, taken away."""

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session, undefer

from commune_hub.accounts.permissions import Actor
from commune_hub.base.errors import InputCode, Invalid, NotFound, Refused
from commune_hub.base.ids import is_public_id
from commune_hub.base.words import LOCAL
from commune_hub.volunteers import permissions
from commune_hub.volunteers.inputs import MaterialDraft
from commune_hub.volunteers.models import Material
from commune_hub.volunteers.words import VolunteerRefusal

BIGGEST = 3 * 1024 * 1024


def add(session: Session, *, draft: MaterialDraft, file: bytes | None, actor: Actor, now: datetime) -> Material:
    """A link or a PDF, one of both. Raises Invalid, Refused for what is no PDF or too big."""
    permissions.must_look_after(actor)
    if bool(draft.url) == bool(file):
        raise Invalid({"url": [InputCode.REQUIRED]})
    if file is not None:
        must_be_pdf(file)
    monday = now.astimezone(LOCAL).date()
    monday -= timedelta(days=monday.weekday())
    if draft.this_week:
        # One theme of the week: the newest.
        session.execute(update(Material).where(Material.week_of == monday).values(week_of=None))
    material = Material(
        title=draft.title, theme=draft.theme, about=draft.about, language=draft.language,
        level_from=draft.level_from, level_to=draft.level_to, url=draft.url, file=file,
        kilobytes=-(-len(file or b"") // 1024), week_of=monday if draft.this_week else None, added_at=now,
        added_by_id=actor.account_id,
    )  # fmt: skip
    session.add(material)
    session.flush()
    return material


def must_be_pdf(file: bytes) -> None:
    """Raises Refused unless the bytes begin and end as those of a PDF do, whatever the name says."""
    if len(file) > BIGGEST:
        raise Refused(VolunteerRefusal.FILE_TOO_BIG)
    if not file.startswith(b"%PDF-") or b"%%EOF" not in file[-1024:]:
        raise Refused(VolunteerRefusal.NOT_A_PDF)


def remove(session: Session, *, material: Material, actor: Actor) -> None:
    """Take it away."""
    permissions.must_look_after(actor)
    session.delete(material)
    session.flush()


def material_named(session: Session, public_id: str, *, with_file: bool = False) -> Material:
    """The material with this public id. Raises NotFound."""
    question = select(Material).where(Material.public_id == public_id)
    if with_file:
        question = question.options(undefer(Material.file))
    found = session.scalar(question) if is_public_id(public_id) else None
    if found is None:
        raise NotFound("material")
    return found


def materials(session: Session, *, language: str = "", level: int | None = None, theme: str = "") -> list[Material]:
    """What fits, that of the week first, then the newest; one for every level fits each."""
    question = select(Material)
    if language:
        question = question.where(Material.language == language)
    if theme:
        question = question.where(Material.theme == theme)
    if level is not None:
        question = question.where(
            (Material.level_from.is_(None) | (Material.level_from <= level)),
            (Material.level_to.is_(None) | (Material.level_to >= level)),
        )
    newest = (Material.week_of.desc().nulls_last(), Material.added_at.desc(), Material.id.desc())
    return list(session.scalars(question.order_by(*newest).limit(200)))


def languages(session: Session) -> list[str]:
    """All languages in which there are some."""
    return list(session.scalars(select(Material.language).distinct().order_by(Material.language)))


def themes(session: Session) -> list[str]:
    """All themes, by name."""
    return list(session.scalars(select(Material.theme).distinct().order_by(Material.theme)))
