"""Suggestions: words that complete what is being typed, from what is public."""

from __future__ import annotations

import pytest

from tests.cast import Cast
from tribute.domain.lifecycle import Status


def suggested(cast: Cast, typed: str, lang: str = "en") -> list[str]:
    """The answer to the box."""
    answer = cast.visitor.get(f"/{lang}/search/suggestions", query_string={"q": typed})
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    said: dict[str, list[str]] = answer.get_json()
    assert list(said) == ["suggestions"]
    return said["suggestions"]


@pytest.fixture
def words(cast: Cast) -> None:
    """Words of which one is more frequent."""
    cast.tribute(words="Zanbaq və zanbağım.")
    cast.tribute(words="Bir zanbaq da məndən.")


@pytest.mark.usefixtures("words")
def test_the_last_word_is_completed_the_most_frequent_first(cast: Cast) -> None:
    assert [word.casefold() for word in suggested(cast, "zan")] == ["zanbaq", "zanbağım"]
    assert [word.casefold() for word in suggested(cast, "bir ZAN")] == ["bir zanbaq", "bir zanbağım"]
    assert [word.casefold() for word in suggested(cast, "-name:zanb")] == ["-name:zanbaq", "-name:zanbağım"]


@pytest.mark.usefixtures("words")
@pytest.mark.parametrize("typed", ["", "z", "zan bir!", "!?", "zanzan", "\x00", "z" * 600])
def test_nothing_is_suggested_where_there_is_nothing_to_complete(cast: Cast, typed: str) -> None:
    assert suggested(cast, typed) == []


def test_no_more_than_eight_are_suggested(cast: Cast) -> None:
    cast.tribute(words=" ".join(f"zanbaq{letter}" for letter in "abcdefghij"))
    assert len(suggested(cast, "zan")) == 8


@pytest.mark.parametrize("status", [status for status in Status if status != Status.APPROVED])
def test_words_that_are_not_public_are_never_suggested(cast: Cast, status: Status) -> None:
    cast.tribute(status, words="Zanbaq", name="Zanbaqqız", place="Zanbaqlı")
    assert suggested(cast, "zan") == []


@pytest.mark.usefixtures("words")
def test_they_are_public_and_set_no_cookie(cast: Cast) -> None:
    answer = cast.visitor.get("/az/search/suggestions?q=zan")
    assert answer.headers["Cache-Control"].startswith("public, max-age=0, s-maxage=")
    assert "Set-Cookie" not in answer.headers
    assert "Vary" not in answer.headers or "Cookie" not in answer.headers["Vary"]
    again = cast.visitor.get("/az/search/suggestions?q=zan", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    assert cast.visitor.post("/az/search/suggestions?q=zan").status_code == 405


@pytest.mark.usefixtures("words")
def test_the_page_names_the_address_in_its_own_language(cast: Cast) -> None:
    for lang in ("az", "ru"):
        page = cast.visitor.get(f"/{lang}/search").text
        assert f'data-suggest="/{lang}/search/suggestions"' in page
        assert 'data-suggested="' in page
        assert "{n}" in page
