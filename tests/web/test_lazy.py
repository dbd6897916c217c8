"""Texts that are written down once and translated for each reader."""

from __future__ import annotations

import re

from flask import Flask

from tribute.web.lazy import _l, _ln

FLOWER = _l("Carnation")
FLOWERS = {"az": "Qərənfil", "en": "Carnation", "ru": "Гвоздика", "tr": "Karanfil"}


def test_a_text_is_translated_when_it_is_shown_not_when_it_was_written(bare: Flask) -> None:
    for lang in (*FLOWERS, *reversed(FLOWERS)):
        with bare.test_request_context(f"/{lang}/"):
            assert str(FLOWER) == FLOWERS[lang]


def test_a_number_bends_its_text(bare: Flask) -> None:
    for lang, forms in (("en", 2), ("ru", 3)):
        with bare.test_request_context(f"/{lang}/"):
            said = [
                str(_ln("This is %(num)s character too long.", "This is %(num)s characters too long.", number))
                for number in (1, 2, 5)
            ]
        assert len({re.sub(r"\d", "", one) for one in said}) == forms
