"""The published description of the interface, made from the same models that check the bodies."""

import re
from collections.abc import Set
from typing import Any

from flask import Blueprint, Flask, Response, current_app, render_template
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from national_record.inputs import Problem, TokenAnswer
from national_record.web.calls import Operation, as_json

about = Blueprint("about", __name__)

_REF = "#/components/schemas/{model}"
_HEADERS = {
    "Record-Agent": "Who acts, as the director of the record knows them (RGD art. 25).",
    "Record-Organisation": "For which organisation.",
    "Record-Motive": "Why, precisely (RGD art. 28): at least two words and ten letters; UTF-8, percent-encoded.",
}
_PROBLEMS = {
    "400": "A header is missing or the motive says nothing.",
    "401": "No valid token.",
    "403": "This agent is not authorised.",
    "404": "There is no such thing, or not for this client.",
    "422": "The body or the cursor cannot be accepted.",
    "503": "The record cannot answer now; nothing was changed.",
}
_PROBLEMS_OF_WRITES = {
    "409": "In conflict with how things stand.",
    "413": "The body is larger than 64 KiB.",
    "415": "The body is not JSON.",
}
_ABOUT = (
    "A reference implementation that plays the national contract register. It is not the real register, and no public "
    "interface of the real one is known. Bodies are closed: a field that is not described is refused (422). Every "
    "answer with somebody's data is traced before it leaves."
)


def description(app: Flask) -> dict[str, Any]:
    """The interface as OpenAPI 3.1."""
    views = [(rule, app.view_functions[rule.endpoint]) for rule in app.url_map.iter_rules()]
    operations = sorted((rule.rule, rule, view) for rule, view in views if hasattr(view, "operation"))
    models: set[type[BaseModel]] = {Problem, TokenAnswer}
    paths: dict[str, Any] = {"/oauth/token": {"post": _token()}}
    for path, rule, view in operations:
        told: Operation = view.operation  # type: ignore[attr-defined]
        models |= {told.answer, told.body} if told.body else {told.answer}
        [method] = (rule.methods or set()) - {"HEAD", "OPTIONS"}
        described = _operation(told, view.__name__, view.__doc__ or "", rule.arguments)
        paths.setdefault(re.sub(r"<(\w+)>", r"{\1}", path), {})[method.lower()] = described
    ordered = sorted(models, key=lambda model: model.__name__)
    _, schemas = models_json_schema([(model, "validation") for model in ordered], ref_template=_REF)
    flow = {"clientCredentials": {"tokenUrl": "/oauth/token", "scopes": {}}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "The reference national record", "version": "1.0.0", "description": _ABOUT},
        "paths": paths,
        "components": {
            "schemas": schemas["$defs"],
            "securitySchemes": {"client": {"type": "oauth2", "flows": flow}},
        },
        "security": [{"client": []}],
    }


@about.get("/openapi.json")
def openapi() -> Response:
    """The description itself."""
    return as_json(description(current_app), 200)


@about.get("/docs")
def docs() -> str:
    """The description as a page."""
    return render_template("docs.html", told=description(current_app))


openapi.guard = docs.guard = "guest"  # type: ignore[attr-defined]


def _operation(told: Operation, name: str, doc: str, arguments: Set[str]) -> dict[str, Any]:
    title, _, text = doc.strip().partition("\n")
    answers = {"200": _content(told.answer, "Done.")}
    if told.created:
        answers["201"] = _content(told.answer, "New.")
    problems = {**_PROBLEMS, **(_PROBLEMS_OF_WRITES if told.body else {})}
    answers |= {code: _content(Problem, said, "application/problem+json") for code, said in sorted(problems.items())}
    described: dict[str, Any] = {
        "operationId": name,
        "summary": title.rstrip("."),
        "description": " ".join(text.split()),
        "parameters": list(_parameters(told, name, arguments)),
        "responses": answers,
    }
    if told.body is not None:
        described["requestBody"] = {"required": True, "content": {"application/json": _schema(told.body)}}
    return described


def _parameters(told: Operation, name: str, arguments: Set[str]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {"name": one, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1, "maxLength": 64}}
        for one in sorted(arguments)
    ]
    found += [
        {"name": header, "in": "header", "required": True, "description": said,
         "schema": {"type": "string", "minLength": 1, "maxLength": 200}}
        for header, said in _HEADERS.items()
    ]  # fmt: skip
    if told.keyed:
        said = "The same key with the same body gets the same answer again; with another body 422. Kept for 30 days."
        schema = {"type": "string", "minLength": 8, "maxLength": 200}
        key = {"name": "Idempotency-Key", "in": "header", "required": True, "description": said, "schema": schema}
        found.append(key)
    if name == "changes":
        found.append({"name": "cursor", "in": "query", "schema": {"type": "string", "pattern": "^[0-9]{1,15}$"}})
    return found


def _token() -> dict[str, Any]:
    form = {
        "type": "object",
        "required": ["grant_type"],
        "properties": {
            "grant_type": {"const": "client_credentials"},
            "client_id": {"type": "string"},
            "client_secret": {"type": "string"},
        },
    }
    schema = {"type": "object", "required": ["error"], "properties": {"error": {"type": "string"}}}
    error = {"description": "Refused as RFC 6749 says.", "content": {"application/json": {"schema": schema}}}
    return {
        "operationId": "token",
        "summary": "Get a token",
        "description": "OAuth 2 client credentials by HTTP Basic or in the form. A token lives for ten minutes.",
        "security": [],
        "requestBody": {"required": True, "content": {"application/x-www-form-urlencoded": {"schema": form}}},
        "responses": {"200": _content(TokenAnswer, "A token."), "400": error, "401": error, "429": error},
    }


def _content(model: type[BaseModel], said: str, kind: str = "application/json") -> dict[str, Any]:
    return {"description": said, "content": {kind: _schema(model)}}


def _schema(model: type[BaseModel]) -> dict[str, Any]:
    return {"schema": {"$ref": _REF.format(model=model.__name__)}}
