"""A client that asserts, on every page of every test, what every page must be."""

from __future__ import annotations

import re
from typing import Any

from flask.testing import FlaskClient
from justhtml import JustHTML
from werkzeug.test import TestResponse

LANGUAGES = ("az", "en", "ru", "tr")


class PageClient(FlaskClient):
    """Flask's client; every HTML answer is checked."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Make a request, and check the page that answers it."""
        answer = super().open(*args, **kwargs)
        if answer.mimetype == "text/html" and answer.status_code not in (301, 302, 303, 304, 308) and answer.text:
            check_page(answer)
        return answer


def check_page(answer: TestResponse) -> None:
    """Valid HTML, one h1, a language, unique ids, labelled inputs, no inline script or style."""
    where = f"{answer.request.method} {answer.request.path}"
    page = JustHTML(answer.text, collect_errors=True, sanitize=False)
    assert not page.errors, f"{where}: {page.errors[:3]}"
    assert len(page.query("h1")) == 1, f"{where}: one h1"
    assert attributes(page.query("html")[0]).get("lang") in LANGUAGES, f"{where}: lang"
    found = [attributes(element)["id"] for element in page.query("[id]")]
    assert len(found) == len(set(found)), f"{where}: ids twice: { {i for i in found if found.count(i) > 1} }"
    check_labels(page, where)
    check_nothing_inline(page, where)


def attributes(element: Any) -> dict[str, str | None]:
    """An element's attributes; none where it has none."""
    found: dict[str, str | None] = element.attrs or {}
    return found


def check_labels(page: JustHTML, where: str) -> None:
    """Every input that a person fills in has a label."""
    labelled = {attributes(label).get("for") for label in page.query("label")}
    for element in [*page.query("input"), *page.query("textarea"), *page.query("select")]:
        if str(attributes(element).get("type")) in ("hidden", "submit", "button"):
            continue
        named = (
            attributes(element).get("id") in labelled
            or "aria-label" in attributes(element)
            or "aria-labelledby" in attributes(element)
        )
        assert named, f"{where}: {element.name} {attributes(element).get('name')} has no label"


def check_nothing_inline(page: JustHTML, where: str) -> None:
    """The policy refuses what stands in the page itself."""
    assert not page.query("style"), f"{where}: a style element"
    for element in page.query("script"):
        assert "src" in attributes(element), f"{where}: a script in the page"
    for element in page.query("*"):
        wrong = [name for name in attributes(element) if name == "style" or re.match("on[a-z]", name)]
        assert not wrong, f"{where}: {element.name} has {wrong}"
