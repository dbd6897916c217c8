"""The interface in four languages: nothing untranslated, nothing fuzzy, nothing missing, and compiled as it stands."""

from __future__ import annotations

import re
from collections import Counter
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages import Catalog, Message
from babel.messages.frontend import CommandLineInterface
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "tribute" / "translations"
PLURALS = {"az": 2, "ru": 3, "tr": 2}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")
Text = str | tuple[str, ...] | list[str] | None


def file(lang: str) -> Path:
    """A language's catalogue."""
    return FOLDER / lang / "LC_MESSAGES" / "messages.po"


@pytest.fixture(params=PLURALS)
def catalogue(request: pytest.FixtureRequest) -> Catalog:
    """Each catalogue but English's own, which is in the code."""
    with file(request.param).open("rb") as stream:
        return read_po(stream, locale=request.param, abort_invalid=True)


@pytest.fixture(scope="module")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> set[tuple[str, ...]]:
    """Every text of the interface, gathered with the Makefile's own words."""
    target = tmp_path_factory.mktemp("extracted") / "messages.pot"
    keywords = re.findall(r"-k (\S+)", (ROOT / "Makefile").read_text().partition("\nextract =")[2])
    assert keywords
    options = [word for keyword in keywords for word in ("-k", keyword)]
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        sources = ["-F", "babel.cfg", *options, "-o", str(target), "tribute", "templates"]
        CommandLineInterface().run(["pybabel", "--quiet", "extract", *sources])  # type: ignore[no-untyped-call]  # not annotated
    with target.open("rb") as stream:
        return ids(read_po(stream))


def messages(catalogue: Catalog) -> list[Message]:
    """Its texts, without the head."""
    return [message for message in catalogue if message.id]


def forms(said: Text) -> list[str]:
    """A text's singular and plurals."""
    return [said] if isinstance(said, str) else list(said or [""])


def ids(catalogue: Catalog) -> set[tuple[str, ...]]:
    """What its texts are in English."""
    return {tuple(forms(message.id)) for message in messages(catalogue)}


def test_there_are_catalogues_for_every_language_but_english() -> None:
    assert {path.name for path in FOLDER.iterdir() if path.is_dir()} == set(PLURALS)


def test_every_text_is_translated_and_no_translation_is_a_guess(catalogue: Catalog) -> None:
    assert not [message.id for message in messages(catalogue) if message.fuzzy]
    assert not [message.id for message in messages(catalogue) if not all(forms(message.string))]


def test_every_text_of_the_interface_is_in_the_catalogue_and_no_other(
    catalogue: Catalog, extracted: set[tuple[str, ...]]
) -> None:
    assert sorted(extracted - ids(catalogue)) == []
    assert sorted(ids(catalogue) - extracted) == []
    assert not catalogue.obsolete


def test_a_translation_keeps_what_is_put_into_it(catalogue: Catalog) -> None:
    for message in messages(catalogue):
        english = Counter(PLACEHOLDER.findall(forms(message.id)[-1]))
        for said in forms(message.string):
            assert Counter(PLACEHOLDER.findall(said)) == english, message.id
            assert "%" not in PLACEHOLDER.sub("", said).replace("%%", ""), message.id
            assert (said[:1].isspace(), said[-1:].isspace()) == (False, False), message.id
    assert not [errors for _message, errors in catalogue.check() if errors]


def test_a_number_has_as_many_forms_as_its_language(catalogue: Catalog) -> None:
    wanted = PLURALS[str(catalogue.locale)]
    assert catalogue.num_plurals == wanted
    counted = [message for message in messages(catalogue) if not isinstance(message.id, str)]
    assert counted
    assert {len(forms(message.string)) for message in counted} == {wanted}


def test_a_translation_does_not_leave_a_sentence_in_english(catalogue: Catalog) -> None:
    same = {message.id for message in messages(catalogue) if message.id == message.string}
    assert not [said for said in same if isinstance(said, str) and len(PLACEHOLDER.sub("", said).split()) > 2]


def test_what_is_compiled_is_what_is_written(catalogue: Catalog) -> None:
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    assert file(str(catalogue.locale)).with_suffix(".mo").read_bytes() == compiled.getvalue()
