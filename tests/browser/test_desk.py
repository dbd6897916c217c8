"""Two people at the desk, each in a browser of their own."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.conftest import Someone
from tests.browser.server import Site
from tribute.domain.lifecycle import Status
from tribute.domain.permissions import Role


def moderators(site: Site, someone: Someone, language: str = "en") -> tuple[Page, Page]:
    """Rəna and Elçin, signed in."""
    pages: list[Page] = []
    for name in ("Rəna", "Elçin"):
        page = someone(site)
        steps.sign_in(page, site.person(Role.MODERATOR, name, f"{len(pages)}@memorial.example", language))
        pages.append(page)
    return pages[0], pages[1]


def test_whoever_decides_second_is_told_who_was_first(site: Site, someone: Someone) -> None:
    site.cast.tribute(Status.PENDING, name="Nigar")
    rena, elchin = moderators(site, someone)
    card = steps.desk_card(elchin, "Nigar")
    steps.step(elchin, "Nigar", "decline").click()
    card.locator("form[action$='/decline'] [name=reason][value=off_topic]").check()
    steps.publish(rena, "Nigar")
    card.get_by_role("button", name="Decline", exact=True).click()
    told = elchin.locator("main [role=alert]")
    expect(told).to_contain_text("Already published by Rəna")
    assert [status for _, status in site.tributes()] == ["approved"]


def test_a_slip_can_be_taken_back_at_once(site: Site, someone: Someone) -> None:
    site.cast.tribute(Status.PENDING, name="Nigar")
    rena, _ = moderators(site, someone)
    steps.publish(rena, "Nigar")
    expect(steps.desk_card(rena, "Nigar")).to_have_count(0)
    rena.locator(".undo button").click()
    expect(steps.desk_card(rena, "Nigar")).to_be_visible()
    assert [status for _, status in site.tributes()] == ["pending"]


def test_declining_tells_the_author_why(site: Site, someone: Someone) -> None:
    author = someone(site)
    receipt = steps.leave_tribute(author, name="Nigar")
    rena, _ = moderators(site, someone)
    card = steps.desk_card(rena, "Nigar")
    steps.step(rena, "Nigar", "decline").click()
    card.locator("form[action$='/decline'] [name=reason][value=other]").check()
    card.locator("form[action$='/decline'] [name=note]").fill("Please tell us whom you remember.")
    card.get_by_role("button", name="Decline", exact=True).click()
    expect(rena.locator("[data-status]")).to_have_text("Declined.")
    author.goto(receipt)
    expect(author.locator("main .note")).to_contain_text("Please tell us whom you remember.")


def test_on_a_phone_the_first_card_keeps_its_buttons_in_reach(site: Site, someone: Someone) -> None:
    words = "\n\n".join(["I remember the silence on the morning after."] * 40)
    site.cast.tribute(Status.PENDING, name="Nigar", words=words)
    page = someone(site, viewport={"width": 360, "height": 780})
    steps.sign_in(page, site.person(Role.MODERATOR, "Rəna", "rena@memorial.example"))
    for button in steps.desk_card(page, "Nigar").locator(".acts .act:visible").all():
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= 56
        assert 0 < box["y"] < 780 - 56
