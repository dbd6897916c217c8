"""The one place that knows every part."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Flask, abort, request
from sqlalchemy import make_url
from werkzeug.middleware.proxy_fix import ProxyFix

from tribute import cli
from tribute.config import BadSetting, Settings
from tribute.extensions import babel, csrf, db, let_go
from tribute.web import (
    addresses,
    archive,
    by_mail,
    cards,
    contact,
    desk_articles,
    desk_brake,
    desk_bulk,
    desk_cases,
    desk_editor,
    desk_export,
    desk_links,
    desk_log,
    desk_messages,
    desk_overview,
    desk_people,
    desk_pulse,
    desk_reports,
    desk_rules,
    desk_safeguards,
    desk_settings,
    desk_together,
    desk_versions,
    errors,
    feeds,
    hosts,
    language,
    limits,
    memorial,
    numbers,
    outside,
    page_cache,
    pages,
    places,
    previews,
    receipt,
    reports,
    search,
    sessions,
    shell,
    sign_in,
    silence,
    tributes,
    watch,
    words,
)
from tribute.web.meter import Meter
from tribute.web.static_files import StaticFiles

ROOT = Path(__file__).parent.parent
LARGEST_BODY = 64 * 1024  # bytes, of any other form
LARGEST_BODIES = {  # bytes, of those that take a text: far too many words are still answered with all of them
    "tributes.new": 256 * 1024, "receipt.amend": 256 * 1024,
    "desk.edit_text": 4 * 1024 * 1024,  # a text of 1 MiB may be three times as long on its way
}  # fmt: skip
# A database that was restarted refuses at once, and the next request has a new connection. One whose machine or network
# is gone says nothing: these are the seconds, and for the last the milliseconds, until its connections count as lost.
PATIENCE = {"connect_timeout": 5, "keepalives_idle": 20, "keepalives_interval": 5, "keepalives_count": 3,
            "tcp_user_timeout": 30_000, "application_name": "tribute"}  # fmt: skip
# As many connections as granian has threads where each is only a file handle; PostgreSQL takes 100 in all by default.
POOLS: dict[str, dict[str, Any]] = {
    "sqlite": {"pool_size": 16, "max_overflow": 112, "hide_parameters": True},  # no word of anybody's in an error
    "postgresql": {
        "pool_size": 8,
        "max_overflow": 8,
        "pool_pre_ping": True,
        "hide_parameters": True,
        "connect_args": PATIENCE,
    },
}
BLUEPRINTS = (
    memorial.bp, tributes.bp, archive.bp, receipt.bp, search.bp, pages.bp, contact.bp, reports.bp, feeds.bp, numbers.bp,
    addresses.bp, by_mail.bp, previews.bp, outside.bp,
    desk_cases.bp, desk_log.bp, desk_messages.bp, desk_overview.bp, desk_people.bp, desk_safeguards.bp, desk_pulse.bp,
    desk_reports.bp, desk_rules.bp, desk_brake.bp, desk_bulk.bp, desk_links.bp, desk_settings.bp, desk_together.bp,
    desk_articles.bp, desk_editor.bp, desk_export.bp, desk_versions.bp,
)  # fmt: skip


def create_app(settings: Settings | None = None, **overrides: Any) -> Flask:
    """Put the application together. `overrides` are Flask's own settings, for tests."""
    settings = settings or Settings.load()
    app = Flask(
        __name__, root_path=str(ROOT), template_folder="templates", static_folder=str(shell.STATIC),
        static_url_path="/static", instance_path=str(settings.instance_path.absolute()),
    )  # fmt: skip
    app.config.update(configuration(settings), **overrides)
    app.json.ensure_ascii = False  # type: ignore[attr-defined]  # the default provider has it
    keep_private(settings)
    db.init_app(app)
    silence.init_app(app)
    app.teardown_appcontext(let_go)
    csrf.init_app(app)
    babel.init_app(app, locale_selector=language.spoken, timezone_selector=lambda: str(words.zone()))
    watch.init_app(app, Meter(settings.instance_path.absolute() / "metrics"), settings.proxies)
    app.url_value_preprocessor(_allow_body)  # the first to refuse a request
    places.init_app(app, max(LARGEST_BODIES.values()))
    hosts.init_app(app)
    for part in (language, words, shell, cards, errors, sign_in, cli):
        part.init_app(app)
    for blueprint in dict.fromkeys(BLUEPRINTS):  # the desk's rooms share one
        app.register_blueprint(blueprint)
    limits.init_app(app)
    guards = shell.guards(settings.base_url)
    app.wsgi_app = StaticFiles(app.wsgi_app, guards)  # type: ignore[method-assign]  # Flask's documented way to wrap
    if proxies := settings.proxies:  # X-Forwarded-Host is not among them: the site's address comes from its settings
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies)  # type: ignore[method-assign]
    page_cache.init_app(app, settings.page_cache << 20)
    return app


def _allow_body(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Refuse with 413 what is larger than the view has use for, and with 411 what does not say how large it is."""
    if request.content_length is None and "Transfer-Encoding" in request.headers:
        abort(411)
    request.max_content_length = request.max_form_memory_size = LARGEST_BODIES.get(endpoint or "", LARGEST_BODY)


def keep_private(settings: Settings) -> None:
    """Let a new SQLite database be its owner's alone; what SQLite puts beside it has the same mode."""
    url = make_url(settings.database)
    if url.get_backend_name() != "sqlite" or not url.database:
        return
    file = settings.instance_path.absolute() / url.database  # where Flask-SQLAlchemy looks for a relative path too
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        file.touch(mode=0o600)
    except OSError as error:
        raise BadSetting(f"TRIBUTE_DATABASE_URL: {url.database} cannot be written ({error})") from error


def configuration(settings: Settings) -> dict[str, Any]:
    """The settings as Flask and its extensions name them."""
    return {
        "SECRET_KEY": settings.secret_key, "SECURITY_PASSWORD_SALT": settings.password_salt,
        "RECEIPT_KEYS": settings.receipt_key_list, "EMAIL_KEYS": settings.email_key_list,
        "SETTINGS": settings, "BASE_URL": settings.base_url, "DEFAULT_LANGUAGE": settings.default_language,
        "SQLALCHEMY_DATABASE_URI": settings.database,
        "SQLALCHEMY_ENGINE_OPTIONS": POOLS[make_url(settings.database).get_backend_name()],
        "BABEL_DEFAULT_LOCALE": "en", "BABEL_TRANSLATION_DIRECTORIES": str(ROOT / "tribute" / "translations"),
        "WTF_CSRF_TIME_LIMIT": None,  # a token lives as long as its session
        "WTF_CSRF_SSL_STRICT": True, "MAX_CONTENT_LENGTH": LARGEST_BODY, "MAX_FORM_MEMORY_SIZE": LARGEST_BODY,
        "SESSION_COOKIE_NAME": "__Host-session" if settings.is_https else "session",
        "SESSION_COOKIE_SECURE": settings.is_https, "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax", "PERMANENT_SESSION_LIFETIME": sessions.KEPT.longest,
        "SESSION_REFRESH_EACH_REQUEST": False,  # when somebody was last here is noted once a minute
    }  # fmt: skip
