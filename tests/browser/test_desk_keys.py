"""The desk by keyboard, and a page that stays open while others decide."""

from __future__ import annotations

import re
import time
from datetime import timedelta

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser import steps
from tests.browser.conftest import Someone
from tests.browser.server import Site
from tests.browser.test_desk import moderators
from tribute.domain.lifecycle import Status
from tribute.domain.permissions import Role
from tribute.extensions import db, now
from tribute.models import Decision, Person

PULSE = "dispatchEvent(new Event('visibilitychange'))"  # as if one came back to the page


def waiting(site: Site, number: int) -> list[str]:
    """So many that wait, the oldest first."""
    start = now() - timedelta(hours=2)
    return [
        site.cast.tribute(Status.PENDING, name=f"Author {each}", at=start + timedelta(seconds=each))
        for each in range(1, number + 1)
    ]


def moderator(site: Site, someone: Someone, language: str = "en", **settings: object) -> Page:
    """Rəna at her queue."""
    page = someone(site, **settings)
    steps.sign_in(page, site.person(Role.MODERATOR, "Rəna", "rena@memorial.example", language))
    if settings.get("java_script_enabled", True):
        expect(page.locator("article.item").first).to_be_focused()  # the script has begun
    return page


def focused(page: Page) -> str:
    """Who wrote the card that has the focus."""
    return str(page.evaluate("document.activeElement.closest('article.item')?.querySelector('h2').textContent.trim()"))


def statuses(site: Site) -> dict[str, str]:
    """Each tribute's status."""
    return dict(site.tributes())


def becomes(site: Site, public_id: str, status: str) -> None:
    """Wait until the server has taken a decision."""
    for _ in range(200):
        if statuses(site)[public_id] == status:
            return
        time.sleep(0.05)
    raise AssertionError(f"{public_id} is {statuses(site)[public_id]}, not {status}")


def test_three_are_decided_without_a_hand_on_the_mouse(site: Site, someone: Someone) -> None:
    one, two, three, _four = waiting(site, 4)
    page = moderator(site, someone)
    assert focused(page) == "Author 1"
    page.keyboard.press("a")
    assert focused(page) == "Author 2"
    page.keyboard.press("d")
    page.keyboard.press("8")
    page.keyboard.press("Enter")
    assert focused(page) == "Author 3"
    page.keyboard.press("s")
    assert focused(page) == "Author 4"
    for public_id, status in ((one, "approved"), (two, "declined"), (three, "spam")):
        becomes(site, public_id, status)
    with site.app.app_context():
        reasons = set(db.session.scalars(db.select(Decision.reason).where(Decision.action == "decline")))
    assert reasons == {"off_topic"}


def test_j_and_k_move_and_z_takes_back_one_after_another(site: Site, someone: Someone) -> None:
    one, two, _three = waiting(site, 3)
    page = moderator(site, someone)
    page.keyboard.press("j")
    assert focused(page) == "Author 2"
    page.keyboard.press("k")
    page.keyboard.press("a")
    page.keyboard.press("a")
    becomes(site, two, "approved")
    expect(page.locator("[data-slip]")).to_be_visible()
    page.keyboard.press("z")
    becomes(site, two, "pending")
    expect(steps.desk_card(page, "Author 2")).to_be_focused()
    page.keyboard.press("z")
    becomes(site, one, "pending")
    expect(steps.desk_card(page, "Author 1")).to_be_focused()
    page.keyboard.press("a")  # on the version as it is by now
    becomes(site, one, "approved")


def test_a_russian_layout_decides_by_the_place_of_the_keys(site: Site, someone: Someone) -> None:
    (one,) = waiting(site, 1)
    page = moderator(site, someone)
    keyboard = page.context.new_cdp_session(page)
    key = {"key": "ф", "code": "KeyA", "windowsVirtualKeyCode": 65}
    keyboard.send("Input.dispatchKeyEvent", {"type": "keyDown", "text": "ф", **key})
    keyboard.send("Input.dispatchKeyEvent", {"type": "keyUp", **key})
    becomes(site, one, "approved")


def test_letters_are_letters_in_a_field(site: Site, someone: Someone) -> None:
    waiting(site, 2)
    page = moderator(site, someone)
    page.keyboard.press("/")
    page.keyboard.type("ads")
    expect(page.locator("#q")).to_have_value("ads")
    page.locator("article.item").first.focus()
    page.keyboard.press("n")
    page.keyboard.type("as d 1")
    expect(page.locator("article.item textarea").filter(visible=True)).to_have_value("as d 1")
    page.locator("body").focus()
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("a")  # no card has the focus
    assert set(statuses(site).values()) == {"pending"}


def test_letters_can_be_turned_off(site: Site, someone: Someone) -> None:
    waiting(site, 1)
    page = moderator(site, someone)
    page.goto("/desk/you")
    page.locator("#letters").uncheck()
    page.get_by_role("button", name="Keep", exact=True).click()
    page.goto("/desk/")
    expect(page.locator("[data-open-keys]")).to_have_count(0)
    page.locator("article.item").focus()
    page.keyboard.press("a")
    page.keyboard.press("?")
    page.reload()
    assert set(statuses(site).values()) == {"pending"}
    with site.app.app_context():
        assert not db.session.scalars(db.select(Person)).one().letters


def test_the_next_card_has_the_focus_before_the_server_answers(site: Site, someone: Someone) -> None:
    one, *_ = waiting(site, 3)
    page = moderator(site, someone)
    held: list[Route] = []
    page.route(re.compile("/approve$"), lambda route: held.append(route))  # noqa: PLW0108  Playwright writes on it
    page.keyboard.press("a")
    assert focused(page) == "Author 2"
    expect(steps.desk_card(page, "Author 1")).to_have_count(0)
    assert statuses(site)[one] == "pending"
    held[0].continue_()
    expect(page.locator("[data-status]")).to_have_text("Published.")
    becomes(site, one, "approved")


def test_a_failure_brings_the_card_back_with_its_reason(site: Site, someone: Someone) -> None:
    waiting(site, 2)
    page = moderator(site, someone)
    page.route(re.compile("/decline$"), lambda route: route.fulfill(status=503, json={"said": "Not just now."}))
    page.keyboard.press("d")
    page.keyboard.press("0")
    page.keyboard.type("Tell us more.")
    page.locator("form[action$='/decline']").first.get_by_role("button").click()
    card = steps.desk_card(page, "Author 1")
    expect(card.get_by_role("alert")).to_have_text("Not just now.")
    expect(card.locator("form[action$='/decline'] [name=note]")).to_have_value("Tell us more.")
    assert page.locator("article.item h2").all_inner_texts() == ["Author 1", "Author 2"]
    assert set(statuses(site).values()) == {"pending"}


def test_two_moderators_on_one_queue_by_keyboard_decide_each_tribute_once(site: Site, someone: Someone) -> None:
    made = waiting(site, 8)
    rena, elchin = moderators(site, someone)
    for _ in range(4):
        rena.keyboard.press("a")
    for public_id in made[:4]:
        becomes(site, public_id, "approved")
    elchin.keyboard.press("s")  # on the first, which Rəna has published
    expect(steps.desk_card(elchin, "Author 1").get_by_role("alert")).to_contain_text("Already published by Rəna")
    elchin.evaluate(PULSE)
    second = steps.desk_card(elchin, "Author 2")
    expect(second.locator(".by-another")).to_contain_text("Already published by Rəna")
    expect(second.get_by_role("button", name="Publish")).to_have_count(0)  # inert
    steps.desk_card(elchin, "Author 5").focus()
    for _ in range(4):
        elchin.keyboard.press("a")
    for public_id in made[4:]:
        becomes(site, public_id, "approved")
    with site.app.app_context():
        rows = db.session.scalars(db.select(Decision.tribute_id).where(Decision.action == "approve")).all()
    assert len(rows) == len(set(rows)) == 8


def test_new_ones_wait_behind_a_link_and_nothing_moves(site: Site, someone: Someone) -> None:
    waiting(site, 2)
    page = moderator(site, someone)
    before = page.locator("article.item").first.bounding_box()
    with page.expect_response(re.compile("/desk/pulse")) as first:
        page.evaluate(PULSE)
    assert first.value.status == 200
    with page.expect_response(re.compile("/desk/pulse")) as again:
        page.evaluate(PULSE)
    assert again.value.status == 304
    for name in ("Leyla", "Kamran"):
        site.cast.tribute(Status.PENDING, name=name)
    page.evaluate(PULSE)
    link = page.locator("[data-news]")
    expect(link).to_have_text("2 new")
    assert page.locator("article.item h2").all_inner_texts() == ["Author 1", "Author 2"]
    after = page.locator("article.item").first.bounding_box()
    assert before is not None
    assert after is not None
    assert after["x"] == before["x"]
    link.click()
    expect(page.locator("article.item")).to_have_count(4)


def test_a_claim_of_somebody_else_is_said_on_the_card(site: Site, someone: Someone) -> None:
    waiting(site, 2)
    rena, elchin = moderators(site, someone)
    rena.get_by_role("button", name="Take the next 10").click()
    expect(rena).to_have_url(re.compile(r"/desk/\?mine=1$"))
    elchin.evaluate(PULSE)
    expect(steps.desk_card(elchin, "Author 1")).to_contain_text("Rəna is reading it.")


def test_three_hundred_are_decided_by_keyboard(site: Site, someone: Someone) -> None:
    made = waiting(site, 300)
    page = moderator(site, someone)
    for number in range(300):
        page.locator("article.item:focus").wait_for()
        page.keyboard.press("s" if number % 10 == 9 else "a")
    expect(page.locator("[data-desk] .empty")).to_be_visible()
    for at, public_id in enumerate(made):  # each request for itself: the last to be sent may be the first to arrive
        becomes(site, public_id, "spam" if at % 10 == 9 else "approved")
    found = list(statuses(site).values())
    assert (found.count("approved"), found.count("spam")) == (270, 30)
    with site.app.app_context():
        assert db.session.scalar(db.select(db.func.count()).where(Decision.action.in_(("approve", "spam")))) == 300


@pytest.mark.parametrize("language", ["en", "az"])
def test_the_help_opens_and_closes_and_letters_rest_meanwhile(site: Site, someone: Someone, language: str) -> None:
    waiting(site, 1)
    page = moderator(site, someone, language)
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    page.keyboard.press("a")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    assert set(statuses(site).values()) == {"pending"}


def test_without_javascript_everything_is_a_form(site: Site, someone: Someone) -> None:
    one, two, three = waiting(site, 3)
    page = moderator(site, someone, java_script_enabled=False)
    steps.publish(page, "Author 1")
    steps.step(page, "Author 2", "decline").click()  # its own page, with the form open
    expect(page.locator("form.panel:visible")).to_have_count(1)
    page.locator("input[value=off_topic]").check()
    page.get_by_role("button", name="Decline", exact=True).click()
    expect(page).to_have_url(re.compile(r"/desk/$"))
    steps.step(page, "Author 3", "second-opinion").click()
    page.locator("form[action$='/second-opinion'] textarea").fill("Who is this?")
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page).to_have_url(re.compile(r"/desk/$"))
    page.goto("/desk/?status=second")
    expect(page.locator("article.item")).to_contain_text("Who is this?")
    page.locator(".undo:not([hidden]) button").click()
    assert statuses(site) == {one: "approved", two: "declined", three: "pending"}
    page.goto("/desk/")
    page.locator(".several summary").click()
    page.locator("article.item .tick").click()
    page.locator(".several").get_by_role("button", name="Spam").click()
    page.get_by_role("button", name="Yes, do this").click()
    expect(page.locator(".undo:not([hidden])")).to_contain_text("1 tribute was decided on: spam.")
    assert statuses(site)[three] == "spam"


def test_on_a_phone_a_touch_decides(site: Site, someone: Someone) -> None:
    one, _two = waiting(site, 2)
    page = moderator(site, someone, viewport={"width": 360, "height": 780}, has_touch=True, is_mobile=True)
    steps.desk_card(page, "Author 1").get_by_role("button", name="Publish").tap()
    expect(steps.desk_card(page, "Author 1")).to_have_count(0)
    becomes(site, one, "approved")
    expect(page.locator("[data-slip]")).to_be_visible()
