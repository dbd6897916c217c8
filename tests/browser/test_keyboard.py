"""From the article to a sent tribute with Tab, Enter and Space alone, seeing at each stop where one is."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.server import Site

MOST_STOPS = 80  # on the way to one thing on one page

# The real radios lie unseen over their pictures: there the picture wears the outline.
FOCUSED = """() => {
  const element = document.activeElement, worn = element.matches('.pick input') ? element.nextElementSibling : element;
  const style = getComputedStyle(worn), box = worn.getBoundingClientRect();
  const [x, y] = [Math.max(box.left, 0) + 4, box.top + box.height / 2];
  const hit = document.elementFromPoint(x, y);
  return {
    id: element.id, name: element.name || '', href: element.getAttribute('href') || '', text: element.innerText || '',
    outlined: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
    inView: box.height > 0 && box.top >= 0 && box.top < innerHeight && box.left >= 0 && box.right <= innerWidth,
    covered: !(hit && (element.contains(hit) || worn.contains(hit) || hit.contains(element))),
  };
}"""


class Keyboard:
    """A person without a mouse; at every stop the place of the focus can be seen."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)

    def at(self) -> dict[str, Any]:
        """Where the focus is; fails where it cannot be seen."""
        stop: dict[str, Any] = self.page.evaluate(FOCUSED)
        assert stop["outlined"], f"no outline: {stop}"
        assert stop["inView"], f"out of view: {stop}"
        assert not stop["covered"], f"covered: {stop}"
        return stop

    def tab_to(self, **wanted: str) -> None:
        """Go on by Tab until the focus is on what has this id, name or end of address."""
        for _ in range(MOST_STOPS):
            self.press("Tab")
            stop = self.at()
            if all(stop[key].endswith(value) for key, value in wanted.items()):
                return
        raise AssertionError(f"never came to {wanted}")

    def write(self, text: str, **field: str) -> None:
        """Go to a field and type."""
        self.tab_to(**field)
        self.page.keyboard.type(text)


def test_the_keyboard_is_enough(site: Site, reader: Page) -> None:
    reader.goto("/en/20-january/")
    person = Keyboard(reader)
    skip_to_the_text(person)
    person.tab_to(href="/tributes/new")
    person.press("Enter")
    expect(reader.locator(steps.FORM)).to_be_visible()
    write_without_a_name(person)
    mend_it_from_the_summary(person)
    steps.arrive_at_receipt(reader)
    copy_the_link(person)
    [(_, status)] = site.tributes()
    assert status == "pending"


def skip_to_the_text(person: Keyboard) -> None:
    """The first stop leads past the menu."""
    person.press("Tab")
    assert person.at()["href"] == "#main"
    person.press("Enter")
    expect(person.page.locator("main")).to_be_focused()


def write_without_a_name(person: Keyboard) -> None:
    """Fill in all but the name, and send."""
    person.write("Leeds", name="place")
    person.tab_to(name="gesture")
    person.write("I remember the silence.", name="message")
    person.tab_to(name="consent")
    person.press("Space")
    person.tab_to(text="Send for review")
    person.press("Enter")
    expect(person.page.locator(".summary")).to_be_focused()


def mend_it_from_the_summary(person: Keyboard) -> None:
    """The summary leads to the field; Enter in a field sends the form."""
    person.tab_to(href="#name")
    person.press("Enter")
    expect(person.page.locator("[name=name]")).to_be_focused()
    person.page.keyboard.type("Daniel M.")
    person.press("Enter")


def copy_the_link(person: Keyboard) -> None:
    """The receipt's own link can be reached, and its buttons."""
    person.tab_to(id="private-link")
    person.tab_to(text="Copy the link")


def test_the_language_menu_opens_and_closes_by_keyboard(reader: Page) -> None:
    reader.goto("/en/20-january/")
    person = Keyboard(reader)
    person.tab_to(text="English")
    person.press("Enter")
    person.tab_to(href="/ru/20-january/")
    person.press("Escape")
    assert "English" in person.at()["text"]
    expect(reader.locator(".langs ul")).to_be_hidden()
    person.press("Space")
    person.tab_to(href="/ru/20-january/")
    person.press("Enter")
    expect(reader.locator("html")).to_have_attribute("lang", "ru")
