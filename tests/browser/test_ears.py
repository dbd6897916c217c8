"""The other tests hear what a browser complains of: these see to it that they are not deaf."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext

from tests.browser.conftest import DESKTOP
from tests.browser.ears import Ears
from tests.browser.server import Site

WRONGS = {
    "an inline style": "document.body.setAttribute('style', 'color: red')",
    "markup from a string": "try { document.body.innerHTML = '<b>words</b>' } catch {}",
    "another host asked": "document.body.append(Object.assign(new Image(), { src: 'http://elsewhere.example/' }))",
    "an error nobody catches": "setTimeout(() => { throw new Error('wrong') })",
    "a file that is not there": "fetch('/static/nothing.css')",
}


@pytest.mark.parametrize("wrong", WRONGS)
def test_a_complaint_is_heard(site: Site, new_context: Callable[..., BrowserContext], wrong: str) -> None:
    context = new_context(base_url=site.url, **DESKTOP)
    ears = Ears(context, site.url)
    page = context.new_page()
    page.goto("/en/20-january/")
    assert ears.complaints == []
    page.evaluate(WRONGS[wrong])
    page.evaluate("() => new Promise((done) => setTimeout(done, 100))")  # so that what was put off has come
    page.goto("/en/search")
    assert ears.complaints != []
