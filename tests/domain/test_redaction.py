"""Leaving out: nothing but cutting, every cut marked, and nothing of what was cut left behind."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.domain.texts import ANY, Seen
from tribute.domain import text
from tribute.domain.redaction import OMISSION, NothingLeft, NothingToCut, NotThere, Texts, cut, phrases


def left(words: str, *wanted: str) -> str:
    """The words that remain."""
    return cut(Texts("", "", words), list(wanted)).words


def seen(words: str) -> str:
    """What a reader sees, with every run of space as one."""
    return " ".join("\n".join(Seen(str(text.render(words))).blocks).split())


def is_part_of(short: str, long: str) -> bool:
    """Whether one text is what remains of another when letters are taken out."""
    letters = iter(long)
    return all(letter in letters for letter in short)


@pytest.mark.parametrize(("words", "wanted", "remains"), [
    ("Call me on 050 555 12 34.", ["050 555 12 34"], "Call me on […]."),
    ("Call me on 050\n555  12\t34.", ["050 555 12 34"], "Call me on […]."),
    ("My teacher Əli, dear Əli.", ["Əli"], "My teacher […], dear […]."),
    ("Əli and Vəli are cousins", ["Əli", "and", "Vəli"], "[…] are cousins"),
    ("Əli […] Vəli are cousins", ["Əli", "Vəli"], "[…] are cousins"),
    ("aaab", ["aa"], "[…]b"),
    ("abcd", ["bc", "ab"], "[…]d"),
    ("One line.\nAnother line.\nA third.", ["line. Another"], "One […] line.\nA third."),
    ("The end of one.\n\nThe start of another.", ["of one. The start"], "The end […]\n\n[…] of another."),
    ("A sign & another < third", ["& another <"], "A sign […] third"),
])  # fmt: skip
def test_each_occurrence_becomes_an_omission(words: str, wanted: list[str], remains: str) -> None:
    assert left(words, *wanted) == remains


@pytest.mark.parametrize(("words", "wanted", "remains"), [
    ("See <b>Əli Vəliyev</b> there", "Əli Vəliyev", "See <b>[…]</b> there"),
    ("See <b>Əli</b> Vəliyev there", "Əli Vəliyev", "See <b>[…]</b> there"),
    ("See Əli <i>Vəliyev there</i>", "Əli Vəliyev", "See […]<i> there</i>"),
    ("I said <blockquote>Go on</blockquote>and on", "said Go on and", "I […]<blockquote>[…]</blockquote>[…] on"),
    ("Not <b>closed, Əli", "<b>closed", "Not […], Əli"),
    ("Typed &amp; shown", "&amp;", "Typed […] shown"),
])  # fmt: skip
def test_what_a_reader_sees_is_cut_and_tags_stay_paired(words: str, wanted: str, remains: str) -> None:
    assert left(words, wanted) == remains
    assert Seen(str(text.render(remains))).open == []


def test_a_tag_is_nothing_that_is_seen() -> None:
    with pytest.raises(NotThere):
        left("See <b>Əli</b> there", "<b>")


def test_name_and_place_are_cut_too_and_a_whole_name_becomes_the_sign_alone() -> None:
    assert cut(Texts("Əli Vəliyev", "Bakı, 28 May küçəsi 5", "I am Əli."), ["Əli", "28 May küçəsi 5"]) == Texts(
        "[…] Vəliyev", "Bakı, […]", "I am […]."
    )
    assert cut(Texts("Əli Vəliyev", "", ""), ["Əli Vəliyev"]) == Texts(OMISSION, "", "")


def test_a_phrase_that_is_not_there_is_named() -> None:
    with pytest.raises(NotThere) as refusal:
        left("I remember Əli.", "Əli", "Vəli", "Pəri")
    assert refusal.value.phrase == "Vəli"


def test_nothing_named_and_nothing_left_are_refused() -> None:
    with pytest.raises(NothingToCut):
        left("I remember.")
    with pytest.raises(NothingLeft):
        left("Everything of it.\n\nAnd this.", "Everything of it.", "And this.")
    with pytest.raises(NothingLeft):
        left("[…] <b>the rest</b>", "the rest")


def test_no_letter_is_split_from_its_marks() -> None:
    assert left("cafe\u0301 and tea", "cafe") == "[…] and tea"
    assert left("👩‍👩‍👧‍👦 my family", "👩") == "[…] my family"


def test_what_was_left_out_before_is_no_part_of_a_phrase() -> None:
    with pytest.raises(NotThere):
        left("I […] remember", "…")
    assert left("Well… I […] remember", "…") == "Well[…] I […] remember"


def test_a_field_holds_one_phrase_a_line() -> None:
    assert phrases("  Əli   Vəliyev \n\n050 555\r\nƏli Vəliyev\nfrom […] to\n") == [
        "Əli Vəliyev", "050 555", "from", "to",
    ]  # fmt: skip
    assert phrases(" \n […] \n") == []


@given(ANY, st.data())
def test_every_letter_that_is_a_tag_for_the_cleaner_is_known_as_one(typed: str, data: st.DataObject) -> None:
    words = text.normalise(typed)
    shown, done = "", 0
    for tag in text.tags_of(words):
        shown += words[done : tag.start] + ("\n\n" if tag.is_block else "")
        done = tag.end
    shown += words[done:]
    assert "".join(shown.split()) == "".join(seen(words).split())


def chosen(words: str, data: st.DataObject) -> list[str]:
    """Up to three parts of what is seen of some words."""
    said = seen(words)
    assume(said)
    ends = st.integers(0, len(said))
    spans = data.draw(st.lists(st.tuples(ends, ends), min_size=1, max_size=3))
    found = phrases("\n".join(said[min(span) : max(span)] for span in spans))
    assume(found)
    return found


def kept_tags(words: str) -> list[str]:
    """The tags that a browser finds, without the line ends, which may be cut."""
    return [tag for tag in Seen(str(text.render(words))).tags if tag != "br"]


@given(ANY, st.data())
def test_what_remains_is_what_was_there_without_what_was_cut(typed: str, data: st.DataObject) -> None:
    words = text.normalise(typed)
    wanted = chosen(words, data)
    try:
        remains = left(words, *wanted)
    except (NothingLeft, NotThere):
        return
    assert is_part_of(remains.replace(OMISSION, ""), words)
    for part in seen(remains).split(OMISSION):
        assert not any(phrase in part for phrase in wanted)
    for phrase in wanted:
        with pytest.raises(NotThere):
            left(remains, phrase)
    assert kept_tags(remains) == kept_tags(words)


@given(ANY, st.data())
def test_omissions_never_stand_side_by_side_and_no_letter_is_split(typed: str, data: st.DataObject) -> None:
    words = text.normalise(typed).replace("\n", " ").replace("…", "")
    wanted = chosen(words, data)
    try:
        remains = left(words, *wanted)
    except (NothingLeft, NotThere):
        return
    shown = "".join(remains[start:end] for start, end in _shown(remains))
    assert f"{OMISSION}{OMISSION}" not in "".join(shown.split())
    before = _letters("".join(words[start:end] for start, end in _shown(words)))
    for part in shown.split(OMISSION):
        assert set(_letters(part)) <= set(before)


def _shown(words: str) -> list[tuple[int, int]]:
    """The parts of words that are no tags."""
    tags = text.tags_of(words)
    return list(zip([0, *(tag.end for tag in tags)], [*(tag.start for tag in tags), len(words)], strict=True))


def _letters(said: str) -> list[str]:
    return [said[start:end] for start, end in text.graphemes(said)]
