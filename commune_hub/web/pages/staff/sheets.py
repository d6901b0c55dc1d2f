"""Activities as a CSV sheet: the template, the export, the import with its preview."""

from flask.typing import ResponseReturnValue

from commune_hub.accounts.words import Permission
from commune_hub.web.pages.staff import staff as pages
from commune_hub.web.security import staff


@pages.route("/activities/import", methods=["GET", "POST"])
@staff(Permission.PUBLISH)
def import_activities() -> ResponseReturnValue:
    return ""


@pages.route("/activities/import/errors.csv", methods=["POST"])
@staff(Permission.PUBLISH)
def import_errors() -> ResponseReturnValue:
    return ""


@pages.route("/activities/template.csv", methods=["GET"])
@staff(Permission.PUBLISH)
def sheet_template() -> ResponseReturnValue:
    return ""


@pages.route("/activities/export.csv", methods=["GET"])
@staff(Permission.EXPORT_ACTIVITIES)
def export_activities() -> ResponseReturnValue:
    return ""
