"""The bars of the documents."""

from __future__ import annotations

from xml.etree import ElementTree

from bench.bars import Bar, drawn

SVG = "{http://www.w3.org/2000/svg}"
BARS = [Bar("nginx <file>", 52_000, "52,000", "limit"), Bar("the page", 520, "520"), Bar("a peer", 5.2, "5.2", "peer")]


def test_a_picture_says_everything_that_it_shows() -> None:
    root = ElementTree.fromstring(drawn("Answers & more", "In short", BARS))  # noqa: S314  our own
    said = [element.text for element in root.iter(f"{SVG}text")]
    assert root.get("role") == "img"
    assert [root.findtext(f"{SVG}title"), root.findtext(f"{SVG}desc")] == ["Answers & more", "In short"]
    for bar in BARS:
        assert bar.name in said
        assert bar.told in said


def test_ten_times_as_many_is_always_the_same_step() -> None:
    root = ElementTree.fromstring(drawn("", "", BARS, mark=52))  # noqa: S314  our own
    widths = [float(bar.get("width", 0)) for bar in root.iter(f"{SVG}rect")][1:]
    assert widths[0] - widths[1] == widths[1] - widths[2] > 0


def test_one_bar_alone_can_be_drawn() -> None:
    assert "only" in drawn("", "", [Bar("only", 100, "100")])
