"""Suggestions in the search box: by keyboard, mouse and finger; spoken; and never in anybody's way."""

from __future__ import annotations

import json
from collections.abc import Callable
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, Route, expect

from tests.browser.axe import AXE, look
from tests.browser.conftest import DESKTOP, Someone
from tests.browser.server import Site
from tribute.domain.lifecycle import Status

SEARCH = "/en/search"
ANSWERS = "**/search/suggestions?*"
FOUND = ["zanbaq", "zanbağım", "zanbaqlar"]  # as the vocabulary orders them: the most frequent first


@pytest.fixture
def words(site: Site) -> None:
    """Three words that begin alike."""
    for said in ("Zanbaq zanbağım zanbaqlar", "Zanbaq zanbağım", "Zanbaq"):
        site.cast.tribute(Status.APPROVED, words=said.lower())


def box(page: Page) -> Locator:
    """The search box."""
    return page.locator("#q")


def options(page: Page) -> Locator:
    """What is offered."""
    return page.get_by_role("option")


def typing(page: Page, text: str) -> None:
    """Type, and wait until something is offered."""
    page.goto(SEARCH)
    box(page).press_sequentially(text)
    expect(options(page).first).to_be_visible()


def expect_results(page: Page, site: Site, typed: str) -> None:
    """The page of results for what was typed or chosen."""
    expect(page).to_have_url(f"{site.url}{SEARCH}?q={quote(typed).replace('%20', '+')}")


@pytest.mark.usefixtures("words")
def test_arrows_choose_and_enter_searches_for_the_choice(site: Site, reader: Page) -> None:
    typing(reader, "bir zan")
    expect(box(reader)).to_have_attribute("aria-expanded", "true")
    assert options(reader).all_inner_texts() == [f"bir {word}" for word in FOUND]
    reader.keyboard.press("ArrowDown")
    reader.keyboard.press("ArrowDown")
    chosen = reader.locator("[role=option][aria-selected=true]")
    expect(chosen).to_have_text("bir zanbağım")
    expect(box(reader)).to_have_attribute("aria-activedescendant", str(chosen.get_attribute("id")))
    expect(box(reader)).to_be_focused()
    expect(box(reader)).to_have_value("bir zan")
    reader.keyboard.press("Enter")
    expect_results(reader, site, "bir zanbağım")


@pytest.mark.usefixtures("words")
def test_enter_without_a_choice_searches_for_what_was_typed(site: Site, reader: Page) -> None:
    typing(reader, "zan")
    reader.keyboard.press("Enter")
    expect_results(reader, site, "zan")


@pytest.mark.usefixtures("words")
def test_the_arrows_go_round_through_the_box(reader: Page) -> None:
    typing(reader, "zan")
    chosen = reader.locator("[role=option][aria-selected=true]")
    for key, expected in (("ArrowUp", FOUND[2]), ("ArrowUp", FOUND[1]), ("ArrowDown", FOUND[2])):
        reader.keyboard.press(key)
        expect(chosen).to_have_text(expected)
    reader.keyboard.press("ArrowDown")
    expect(chosen).to_have_count(0)
    assert box(reader).get_attribute("aria-activedescendant") is None
    reader.keyboard.press("ArrowDown")
    expect(chosen).to_have_text(FOUND[0])


@pytest.mark.usefixtures("words")
@pytest.mark.parametrize(("key", "place"), [("Home", 0), ("End", 3), ("ArrowLeft", 2)])
def test_keys_that_move_in_what_was_typed_let_the_choice_go(reader: Page, key: str, place: int) -> None:
    typing(reader, "zan")
    reader.keyboard.press("ArrowDown")
    reader.keyboard.press(key)
    expect(reader.locator("[aria-selected=true]")).to_have_count(0)
    assert box(reader).evaluate("box => box.selectionStart") == place


@pytest.mark.usefixtures("words")
def test_escape_closes_the_list_and_keeps_what_was_typed(site: Site, reader: Page) -> None:
    typing(reader, "zan")
    reader.keyboard.press("ArrowDown")
    reader.keyboard.press("Escape")
    expect(reader.locator("#suggestions")).to_be_hidden()
    expect(box(reader)).to_have_attribute("aria-expanded", "false")
    expect(box(reader)).to_have_value("zan")
    reader.keyboard.press("ArrowDown")
    expect(options(reader).first).to_be_visible()
    reader.keyboard.press("Escape")
    reader.keyboard.press("Enter")
    expect_results(reader, site, "zan")


@pytest.mark.usefixtures("words")
def test_the_list_closes_when_attention_goes_elsewhere(reader: Page) -> None:
    typing(reader, "zan")
    reader.keyboard.press("Tab")
    expect(reader.locator("#suggestions")).to_be_hidden()


@pytest.mark.usefixtures("words")
def test_a_mouse_and_a_finger_choose(site: Site, someone: Someone) -> None:
    mouse, finger = someone(site), someone(site, has_touch=True, viewport={"width": 360, "height": 780})
    typing(mouse, "zan")
    options(mouse).nth(1).click()
    expect_results(mouse, site, FOUND[1])
    typing(finger, "zan")
    for option in options(finger).all():
        size = option.bounding_box()
        assert size
        assert size["height"] >= 44
    options(finger).nth(2).tap()
    expect_results(finger, site, FOUND[2])


@pytest.mark.usefixtures("words")
def test_what_was_found_is_said_in_the_pages_language(reader: Page) -> None:
    typing(reader, "zan")
    expect(reader.locator("[data-status]")).to_have_text("Suggestions: 3")
    box(reader).press_sequentially("zz")
    expect(reader.locator("[data-status]")).to_have_text("No suggestions")
    expect(reader.locator("#suggestions")).to_be_hidden()


@pytest.mark.usefixtures("words")
def test_nothing_on_the_page_moves_for_them(reader: Page) -> None:
    reader.goto(SEARCH)
    places = "[...document.querySelectorAll('main > *')].map(element => element.getBoundingClientRect().y)"
    before = reader.evaluate(places)
    typing(reader, "zan")
    assert reader.evaluate(places) == before


def test_without_javascript_the_box_is_a_box(site: Site, someone: Someone) -> None:
    site.cast.tribute(Status.APPROVED, words="zanbaq")
    page = someone(site, java_script_enabled=False)
    page.goto(SEARCH)
    expect(page.get_by_role("combobox")).to_have_count(0)
    expect(page.locator("#suggestions")).to_be_hidden()
    box(page).fill("zanbaq")
    box(page).press("Enter")
    expect_results(page, site, "zanbaq")
    expect(page.locator(".tribute")).to_have_count(1)


class Held:
    """The server's answers to the box, held back until a test lets each of them go."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.waiting: dict[str, Route] = {}
        page.route(ANSWERS, self._hold)

    def _hold(self, route: Route) -> None:
        self.waiting[parse_qs(urlsplit(route.request.url).query)["q"][0]] = route

    def asked(self, typed: str) -> None:
        """Wait until the box has asked for this."""
        for _ in range(200):
            if typed in self.waiting:
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"never asked for {typed!r}, only for {list(self.waiting)}")

    def answer(self, typed: str, *words: str) -> None:
        """Let one answer go."""
        self.waiting[typed].fulfill(content_type="application/json", body=json.dumps({"suggestions": words}))


def test_a_slow_answer_never_takes_the_place_of_a_later_one(site: Site, reader: Page) -> None:
    held = Held(reader)
    reader.goto(SEARCH)
    box(reader).fill("za")
    held.asked("za")
    box(reader).fill("zan")
    held.asked("zan")
    held.answer("zan", "zanbaq")
    expect(options(reader)).to_have_text(["zanbaq"])
    held.answer("za", "zara", "zaman")
    reader.wait_for_timeout(300)
    expect(options(reader)).to_have_text(["zanbaq"])


def test_an_answer_that_comes_after_the_box_was_left_opens_nothing(site: Site, reader: Page) -> None:
    held = Held(reader)
    reader.goto(SEARCH)
    box(reader).fill("zan")
    held.asked("zan")
    box(reader).blur()
    held.answer("zan", "zanbaq")
    reader.wait_for_timeout(300)
    expect(reader.locator("#suggestions")).to_be_hidden()


def test_the_box_asks_once_typing_rests_and_never_twice_for_the_same(site: Site, reader: Page) -> None:
    held = Held(reader)
    reader.goto(SEARCH)
    type_at_once(reader, "z", "za", "zan", "zanb")
    held.asked("zanb")
    held.answer("zanb", "zanbaq")
    expect(options(reader)).to_have_text(["zanbaq"])
    assert list(held.waiting) == ["zanb"]
    held.waiting.clear()
    for text in ("zanb ", "z", "", "!?", "zanb z"):
        type_at_once(reader, text)
        expect(reader.locator("#suggestions")).to_be_hidden()
    type_at_once(reader, "zanb")
    expect(options(reader)).to_have_text(["zanbaq"])
    reader.wait_for_timeout(300)
    assert held.waiting == {}


def type_at_once(page: Page, *texts: str) -> None:
    """Type faster than any hand: each text in turn, with no time between."""
    box(page).focus()
    typing = "(box, texts) => texts.forEach(text => { box.value = text; box.dispatchEvent(new Event('input')); })"
    box(page).evaluate(typing, list(texts))


@pytest.mark.parametrize("answer", ["no answer", "an error", "no JSON", "no list"])
def test_where_nothing_comes_back_the_box_works_as_ever(
    site: Site, new_context: Callable[..., BrowserContext], answer: str
) -> None:
    page = new_context(base_url=site.url, **DESKTOP).new_page()
    failed: list[str] = []
    page.on("pageerror", lambda error: failed.append(str(error)))

    def answering(route: Route) -> None:
        if answer == "no answer":
            route.abort()
        else:
            route.fulfill(status=500 if answer == "an error" else 200, body="{}" if answer == "no list" else "<html>")

    page.route(ANSWERS, answering)
    page.goto(SEARCH)
    with page.expect_request(ANSWERS):
        box(page).press_sequentially("zan")
    page.wait_for_timeout(300)
    expect(page.locator("#suggestions")).to_be_hidden()
    box(page).press("Enter")
    expect_results(page, site, "zan")
    assert failed == []


def test_no_more_than_eight_and_none_like_what_is_typed(site: Site, reader: Page) -> None:
    held = Held(reader)
    reader.goto(SEARCH)
    box(reader).fill("zan")
    held.asked("zan")
    held.answer("zan", "zan", *(f"zan{letter}" for letter in "abcdefghijk"), "<b>zan</b>")
    expect(options(reader)).to_have_text([f"zan{letter}" for letter in "abcdefgh"])


def test_words_of_other_scripts_run_their_own_way_and_no_markup_is_read(site: Site, reader: Page) -> None:
    held = Held(reader)
    reader.goto(SEARCH)
    box(reader).fill("zan")
    held.asked("zan")
    held.answer("zan", "שלום", "<b>zan</b>")
    expect(options(reader)).to_have_text(["שלום", "<b>zan</b>"])
    assert options(reader).first.evaluate("option => getComputedStyle(option).direction") == "rtl"


@pytest.mark.usefixtures("words")
@pytest.mark.parametrize("lang", ["en", "az"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_open_list(site: Site, someone: Someone, lang: str, scheme: str) -> None:
    page = someone(site, locale=lang, reduced_motion="reduce", color_scheme=scheme)
    page.goto(f"/{lang}/search")
    box(page).press_sequentially("zan")
    expect(options(page).first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.evaluate(AXE)
    assert look(page) == []
