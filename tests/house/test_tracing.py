"""Every page for staff says whose data it shows, or that it shows nobody."""

from flask import Flask


def test_every_page_for_staff_says_what_it_shows_of_people(app: Flask) -> None:
    silent = [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static" and "GET" in (rule.methods or set())
        if app.view_functions[rule.endpoint].guard.who == "staff"  # type: ignore[attr-defined]
        if not hasattr(app.view_functions[rule.endpoint], "shows")
    ]

    assert silent == [], "write @shows(TracedThing...) or @shows(NOBODY) under the guard: web/tracing.py"
