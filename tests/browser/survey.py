"""What a page measures in the browser: sideways scrolling, the size of what is pressed, the size of letters."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

CONTROL, IN_TEXT = 44, 24  # CSS pixels: DESIGN.md's own, and WCAG 2.2's target size (minimum)
SMALLEST_LETTERS = 15

# The target of a radio or a checkbox is its label; a link within a sentence is as high as its line.
MEASURE = """([control, line, smallest]) => {
  const shown = element => element.checkVisibility({ visibilityProperty: true }) && !element.closest('.vh, .unseen');
  const named = element => `${element.outerHTML.slice(0, 80)} “${element.innerText.slice(0, 30)}”`;
  const target = element => element.matches('[type=radio], [type=checkbox]') && element.closest('label') || element;
  const inText = element => element.tagName === 'A' && getComputedStyle(element).display === 'inline';
  const small = [];
  const pressed = 'a[href], button, input:not([type=hidden]), select, textarea, summary';
  for (const element of document.querySelectorAll(pressed)) {
    if (!shown(element) || element.matches('.skip')) continue;
    const height = target(element).getBoundingClientRect().height, least = inText(element) ? line : control;
    if (height < least - .01) small.push(`${named(element)}: ${height.toFixed(1)} of ${least}`);
  }
  const letters = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || !shown(element)) continue;
    const size = parseFloat(getComputedStyle(element).fontSize);
    if (size < smallest) letters.push(`${named(element)}: ${size}`);
  }
  const root = document.scrollingElement;
  return { small, letters, beyond: root.scrollWidth - innerWidth };
}"""


def measure(page: Page) -> dict[str, Any]:
    """`small`: targets too low; `letters`: text set too small; `beyond`: how far it scrolls sideways."""
    measured: dict[str, Any] = page.evaluate(MEASURE, [CONTROL, IN_TEXT, SMALLEST_LETTERS])
    return measured
