"""Every route says who may come in, and keeps everybody else out."""

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

ARGUMENTS = {"lang": "fr"}


def routes(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


def test_every_route_is_guarded(app: Flask) -> None:
    open_doors = [r.rule for r in routes(app) if not hasattr(app.view_functions[r.endpoint], "guard")]

    assert open_doors == []


def test_a_visitor_gets_in_nowhere_but_at_the_guest_list(app: Flask, client: FlaskClient) -> None:
    guarded = [r for r in routes(app) if app.view_functions[r.endpoint].guard.who != "guest"]

    got_in = []
    for rule in guarded:
        with app.test_request_context():
            path = app.url_for(rule.endpoint, **{name: ARGUMENTS.get(name, "1") for name in rule.arguments})
        for method in rule.methods & {"GET", "POST", "PUT", "PATCH", "DELETE"}:
            answer = client.open(path, method=method)
            if answer.status_code != 303 or "sign-in" not in answer.location:
                got_in.append(f"{method} {path}: {answer.status_code}")

    assert got_in == []
