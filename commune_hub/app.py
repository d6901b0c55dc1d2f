"""The app, put together: settings, databases, doors."""

from collections.abc import Callable
from datetime import UTC, datetime

from flask import Flask
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import BaseConverter

from commune_hub import upgrade
from commune_hub.base import log
from commune_hub.base.db import Store, open_store
from commune_hub.base.settings import PREFIX, Settings, SettingsError
from commune_hub.matching.rules import PairingRules, Size, Weights
from commune_hub.web import i18n, layout, request, security
from commune_hub.web.api import plain
from commune_hub.web.pages import pages
from commune_hub.web.pages.staff import staff
from commune_hub.web.templating import SpeakingEnvironment


def utc_now() -> datetime:
    """Now: the only clock of the system."""
    return datetime.now(UTC)


def create_app(
    settings: Settings | None = None,
    *,
    store: Store | None = None,
    clock: Callable[[], datetime] = utc_now,
    pseudo_rtl: bool = False,
) -> Flask:
    """The hub as a WSGI application. `pseudo_rtl` adds a right-to-left language for tests."""
    settings = settings or Settings.from_env()
    log.configure(settings.log_level)
    app = Flask("commune_hub.web", static_folder="static", template_folder="templates")
    app.extensions["settings"] = settings
    app.extensions["store"] = store or open_store(settings)
    app.extensions["clock"] = clock
    app.extensions["is_current"] = upgrade.is_current
    app.extensions["pairing"] = _pairing_rules(settings)
    if settings.tiles_url:
        # Its HTTP client takes a quarter of a second to import, which most installations can do without.
        from commune_hub.worker.adapters.tiles import TileServer

        app.extensions["tile_server"] = TileServer(settings.tiles_url)
    app.secret_key = app.extensions["store"].keys.derive("sign cookies")
    app.jinja_environment = SpeakingEnvironment
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    i18n.init_app(app, pseudo_rtl=pseudo_rtl)
    security.init_app(app, settings)
    csrf = CSRFProtect(app)
    # Mail programs post there by themselves (RFC 8058).
    csrf.exempt("commune_hub.web.api.unsubscribe.no_reminders")
    csrf.exempt("commune_hub.web.api.unsubscribe.end_alert")
    request.init_app(app)
    layout.init_app(app)

    app.url_map.converters["language"] = _language_converter([*app.extensions["speeches"]])
    for blueprint in (pages, staff, plain):
        app.register_blueprint(blueprint)
    if int(settings.trusted_proxies):
        hops = int(settings.trusted_proxies)
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=0)  # type: ignore[method-assign]
    return app


def _pairing_rules(settings: Settings) -> PairingRules:
    try:
        weights = Weights.read(settings.pairing_weights)
    except ValueError as error:
        raise SettingsError(f"{PREFIX}PAIRING_WEIGHTS cannot be used: {error}.") from error
    return PairingRules(weights, Size(int(settings.pairing_complete), int(settings.pairing_best_few)))


def _language_converter(codes: list[str]) -> type[BaseConverter]:
    class LanguageConverter(BaseConverter):
        """Matches the interface languages only, so that nothing else is taken for one."""

        regex = "|".join(codes)

    return LanguageConverter
