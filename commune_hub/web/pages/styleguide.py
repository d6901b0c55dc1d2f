"""The style guide: every component on one page, and what is printed on another."""

import segno
from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from commune_hub.web.pages import pages
from commune_hub.web.security import guest


@pages.get("/styleguide")
@guest
def styleguide() -> ResponseReturnValue:
    """Shown in every installation, since it holds no data."""
    return render_template("styleguide.html")


@pages.get("/styleguide/paper")
@guest
def styleguide_paper() -> ResponseReturnValue:
    """Poster, leaflets and attendance sheet."""
    code = segno.make("https://hub.example.lu/a/7Kq2", error="m").svg_inline(svgclass="qr", omitsize=True, border=0)
    return render_template("styleguide_paper.html", qr=Markup(code), back=url_for("pages.styleguide"))
