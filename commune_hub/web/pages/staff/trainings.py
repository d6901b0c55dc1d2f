"""Trainings and exchange days for ASTI: the next ones, those held, whose qualification runs out (A-05); materials."""

from datetime import timedelta

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from commune_hub.accounts.words import Permission, TracedThing
from commune_hub.base.errors import InputCode, Invalid
from commune_hub.base.words import LOCAL
from commune_hub.events.words import ActivityKind, CefrLevel
from commune_hub.speech.catalogues import own_name_of
from commune_hub.volunteers import queries, trainings
from commune_hub.volunteers.actions import materials, qualifying
from commune_hub.volunteers.inputs import MaterialDraft
from commune_hub.volunteers.permissions import Reader
from commune_hub.web.i18n import N_
from commune_hub.web.pages.staff import lines
from commune_hub.web.pages.staff import staff as pages
from commune_hub.web.pages.staff.activity_form import COMMON_LANGUAGES
from commune_hub.web.pages.staff.forms import Form
from commune_hub.web.pages.staff.volunteers import card_of
from commune_hub.web.pages.volunteer.learning import file_of, material_row
from commune_hub.web.request import Problems, actor, ask_again, back_to, db, go, now, say
from commune_hub.web.security import staff
from commune_hub.web.tracing import NOBODY, shows


@pages.get("/trainings")
@staff(Permission.LOOK_AFTER_VOLUNTEERS)
@shows(TracedThing.VOLUNTEERS)
def trainings_desk() -> ResponseReturnValue:
    """The next date first; then whom to remind."""
    today = now().astimezone(LOCAL).date()
    ending = queries.ending(db(), today, today + qualifying.REMINDED_BEFORE + timedelta(days=30))
    return render_template(
        "staff/trainings.html",
        coming=[lines.meeting_row(one) for one in trainings.coming(db(), now())],
        past=[lines.meeting_row(one) for one in trainings.past(db(), now())],
        ending=[card_of(one, Reader.ASTI) for one in ending],
        untrained=len(queries.pool_of(db(), queries.Sieve(qualified=False), today)),
        new_training=url_for("staff.new_activity", kind=ActivityKind.VOLUNTEER_TRAINING),
        new_exchange=url_for("staff.new_activity", kind=ActivityKind.EXCHANGE_DAY),
        untrained_url=url_for("staff.volunteers", qualified="no"),
    )


# -- ideas for conversations ------------------------------------------------------


@pages.route("/materials", methods=["GET", "POST"], endpoint="materials")
@staff(Permission.LOOK_AFTER_VOLUNTEERS)
@shows(NOBODY)
def materials_shelf() -> ResponseReturnValue:
    """What there is, and a form for more: a link or a PDF."""
    if request.method == "GET":
        return _shelf({})
    back_to("staff.materials")
    ask_again(_shelf)
    draft = MaterialDraft.parse(request.form)
    sent = request.files.get("file")
    file = sent.read(materials.BIGGEST + 1) if sent is not None and sent.filename else None
    materials.add(db(), draft=draft, file=file, actor=actor(), now=now())
    say(N_("It is in the library now."))
    return go("staff.materials")


def _shelf(problems: Problems) -> str:
    levels = (CefrLevel.A1, CefrLevel.A2, CefrLevel.B1, CefrLevel.B2, CefrLevel.C1)
    return render_template(
        "staff/materials.html",
        rows=[material_row(one) for one in materials.materials(db())],
        themes=materials.themes(db()),
        form=Form(request.form, problems),
        practised=[(tag, own_name_of(tag)) for tag in COMMON_LANGUAGES],
        levels=[(level.label, level.label) for level in levels],
    )


@pages.get("/materials/<material_id>.pdf")
@staff(Permission.LOOK_AFTER_VOLUNTEERS)
@shows(NOBODY)
def staff_material_file(material_id: str) -> ResponseReturnValue:
    """The file of an idea."""
    return file_of(materials.material_named(db(), material_id, with_file=True))


@pages.post("/materials/<material_id>/remove")
@staff(Permission.LOOK_AFTER_VOLUNTEERS)
def remove_material(material_id: str) -> ResponseReturnValue:
    """Take it away."""
    back_to("staff.materials")
    if request.form.get("sure") != "yes":
        raise Invalid({"sure": [InputCode.REQUIRED]})
    materials.remove(db(), material=materials.material_named(db(), material_id), actor=actor())
    say(N_("Taken away."))
    return go("staff.materials")
