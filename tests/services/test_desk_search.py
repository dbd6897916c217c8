"""The desk's search: every status, what waits and what is public, and emails for who handles cases."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from tests.services.acts import AT, EMAIL_KEYS, KEEPER, MODERATOR, decided, filled_in, memorial, sent, standing, step
from tribute.domain import emails, ids
from tribute.domain.lifecycle import Action, Status
from tribute.domain.reasons import Ground
from tribute.models import Person, Tribute
from tribute.search.engine import Spent
from tribute.services import authors, desk_search, search
from tribute.services.desk_search import Found, Sought
from tribute.services.search import Place
from tribute.services.tributes import Written

HOUR = timedelta(hours=1)
NEWEST = Place()
EMAIL = "leyla@memorial.example"
FOUND_STATUSES = [status for status in Status if status != Status.REMOVED]


def found(
    session: Session, typed: str, place: Place = NEWEST, *, status: str = "", language: str = "",
    person: Person = KEEPER, keys: Sequence[bytes] = EMAIL_KEYS,
) -> Found:  # fmt: skip
    """What this person finds."""
    sought = Sought(desk_search.read(typed, person), status, language)
    return desk_search.find(session, sought, place, person, keys)


def listed(page: Found) -> list[str]:
    """The tributes on a page, in order."""
    return [item.public_id for item in page.items]


def of_each_status(session: Session, **fields: str) -> dict[Status, str]:
    """One tribute of each status, an hour apart."""
    return {
        status: standing(session, status, AT + number * HOUR, **fields).public_id
        for number, status in enumerate(Status)
    }


def amended(session: Session, tribute: Tribute, words: str, at: Any = AT + 10 * HOUR, **fields: str) -> None:
    """Its author sends other words."""
    signed = {"name": "Daniel M.", "place": "Leeds", "page_language": "en"} | fields
    authors.amend(session, tribute, at, tribute.version, Written(words=words, **signed))


def test_every_status_is_searched_newest_first_but_what_was_removed(session: Session) -> None:
    made = of_each_status(session)
    page = found(session, "silence", person=MODERATOR)
    assert listed(page) == [made[status] for status in reversed(FOUND_STATUSES)]
    assert (page.total, page.total_capped, page.older, page.newer, page.is_partial) == (6, False, None, None, False)
    assert listed(found(session, "silence", Place("oldest"))) == [made[status] for status in FOUND_STATUSES]


def test_a_status_can_be_typed_or_chosen_and_two_are_never_held(session: Session) -> None:
    made = of_each_status(session)
    for status in Status:
        expected = [made[status]] if status in FOUND_STATUSES else []
        assert listed(found(session, f"status:{status}")) == expected
        assert listed(found(session, f"silence status:{status}", person=MODERATOR)) == expected
        assert listed(found(session, "silence", status=status)) == expected
        assert listed(found(session, f"silence status:{status}", status=status)) == expected
    assert found(session, "silence status:spam", status=Status.HIDDEN) == Found()


def test_a_decision_is_found_by_its_new_status_at_once(session: Session) -> None:
    tribute = sent(session)
    assert listed(found(session, "silence status:pending")) == [tribute.public_id]
    decided(session, tribute, Action.SPAM, AT + HOUR)
    assert listed(found(session, "silence status:pending")) == []
    assert listed(found(session, "silence status:spam")) == [tribute.public_id]


def test_what_waits_is_found_by_its_newest_words(session: Session) -> None:
    tribute = sent(session, words="First lantern")
    assert listed(found(session, "lantern")) == [tribute.public_id]
    amended(session, tribute, "Second garden")
    assert listed(found(session, "garden")) == [tribute.public_id]
    assert listed(found(session, "lantern")) == []


def test_what_was_amended_is_found_by_the_public_words_and_by_those_that_wait(session: Session) -> None:
    tribute = standing(session, Status.APPROVED, words="First lantern")
    amended(session, tribute, "Second garden", name="Nigar")
    for typed in ("lantern", "garden", "nigar", "daniel", "lantern garden"):
        (card,) = found(session, typed).items
        assert (card.public_id, card.amended) == (tribute.public_id, True)
    decided(session, tribute, Action.APPROVE, AT + 11 * HOUR)
    assert listed(found(session, "garden")) == [tribute.public_id]
    assert listed(found(session, "lantern")) == []


def test_what_was_refused_is_found_by_the_words_that_were(session: Session) -> None:
    tribute = sent(session, words="First lantern")
    amended(session, tribute, "Second garden")
    decided(session, tribute, Action.DECLINE, AT + 11 * HOUR, reason="off_topic")
    assert listed(found(session, "garden")) == [tribute.public_id]
    assert listed(found(session, "lantern")) == []


def test_the_grammar_is_that_of_the_public_search(session: Session) -> None:
    leyla = sent(session, AT, words="Şəhidlərin işığı sönməz", name="Leyla", place="Gəncə")
    other = sent(session, AT - 400 * timedelta(days=1), words="We remember Leyla and the light", name="Daniel")
    for typed, expected in {
        "sehid": [leyla], "ŞƏHİDLƏR": [leyla], "leyla": [leyla, other], "name:leyla": [leyla], "place:gence": [leyla],
        '"leyla and"': [other], '"and leyla"': [], "leyla -light": [leyla], "rememb*": [other], "year:2024": [other],
        "leyla language:az": [leyla], "leyla year:2020..2024": [other], "leyla absent": [],
    }.items():  # fmt: skip
        assert listed(found(session, typed)) == [tribute.public_id for tribute in expected], typed
    assert listed(found(session, "leyla", language="en")) == [other.public_id]
    assert listed(found(session, "leyla language:az", language="en")) == []


def test_the_words_that_were_found_are_marked_on_the_card(session: Session) -> None:
    tribute = standing(session, Status.APPROVED, words="<b>İşıq</b> & qaranlıq", name="Işıq <i>", place="Bakı")
    amended(session, tribute, "Daha çox işıq", name="Işıq <i>", place="Gəncə")
    (card,) = found(session, "isiq baki").items
    assert card.html == "<p>Daha çox <mark>işıq</mark></p>"
    assert (card.name, card.place) == ("<mark>Işıq</mark> &lt;i&gt;", "Gəncə")
    assert card.public is not None
    assert card.public.html == "<p><b><mark>İşıq</mark></b> &amp; qaranlıq</p>"
    assert (card.public.name, card.public.place) == (card.name, "<mark>Bakı</mark>")


def test_a_keeper_finds_by_email_and_by_words_beside_it(session: Session) -> None:
    made = of_each_status(session, email="Leyla@Memorial.example")
    also = sent(session, AT + 20 * HOUR, email=EMAIL, words="Bakı, səni heç vaxt unutmarıq.")
    sent(session, email="daniel@memorial.example")
    sent(session)
    hers = [made[status] for status in reversed(FOUND_STATUSES)]
    page = found(session, f"email:{EMAIL}")
    assert (listed(page), page.total) == ([also.public_id, *hers], 7)
    assert listed(found(session, "email:LEYLA@memorial.EXAMPLE silence")) == hers
    assert listed(found(session, f'silence email:"{EMAIL}" status:spam')) == [made[Status.SPAM]]
    assert listed(found(session, f"email:{EMAIL} -silence")) == [also.public_id]
    assert listed(found(session, f"email:{EMAIL}", language="az")) == [also.public_id]
    assert listed(found(session, f"email:{EMAIL} absent")) == []
    assert found(session, "email:nobody@memorial.example") == Found()


def test_a_moderator_finds_nobody_by_email(session: Session) -> None:
    sent(session, email=EMAIL)
    for typed in (f"email:{EMAIL}", f"email:{EMAIL} silence", EMAIL, "email:leyla", f"-x email:{EMAIL}"):
        assert found(session, typed, person=MODERATOR) == Found(), typed
    quoting = sent(session, words=f"My email: {EMAIL}")
    assert listed(found(session, f"email:{EMAIL}", person=MODERATOR)) == [quoting.public_id]  # as plain words


def test_an_email_is_found_by_no_words_but_its_own(session: Session) -> None:
    sent(session, email=EMAIL)
    for typed in (EMAIL, "leyla", "memorial example", f'"{EMAIL}"', "leyla*", "email:leyla", f"-email:{EMAIL}"):
        assert found(session, typed) == Found(), typed


def test_an_email_is_found_under_old_keys_too(session: Session) -> None:
    old = sent(session, email=EMAIL)
    new_keys = (b"a newer email key for the tests", *EMAIL_KEYS)
    new = authors.submit(session, memorial(session), filled_in(email=EMAIL), b"newer", AT + HOUR, new_keys)
    assert old.email_digest == emails.digest(EMAIL_KEYS, EMAIL) != new.email_digest
    assert listed(found(session, f"email:{EMAIL}", keys=new_keys)) == [new.public_id, old.public_id]
    assert listed(found(session, f"email:{EMAIL}", keys=new_keys[:1])) == [new.public_id]


def test_what_was_removed_is_found_by_nothing(session: Session) -> None:
    tribute = standing(session, Status.APPROVED, name="Nigar", email=EMAIL)
    amended(session, tribute, "Second garden")
    queries = ("silence", "garden", "nigar", f"email:{EMAIL}", "status:approved", "status:removed", "year:2026")
    assert [bool(found(session, typed).items) for typed in queries] == [True] * 5 + [False, True]
    decided(session, tribute, Action.REMOVE, AT + 20 * HOUR, KEEPER, reason=str(Ground.LAW))
    for typed in queries:
        assert found(session, typed) == Found(), typed


@pytest.mark.parametrize("sort", desk_search.SORTS)
@pytest.mark.parametrize("typed", ["silence", f"email:{EMAIL}"])
def test_pages_cover_everything_once_in_both_ways_while_new_ones_arrive(
    session: Session, monkeypatch: pytest.MonkeyPatch, typed: str, sort: str
) -> None:
    monkeypatch.setattr(search, "RESULTS", 3)
    made = [sent(session, AT + number * HOUR, email=EMAIL).public_id for number in range(8)]
    expected = made if sort == "oldest" else made[::-1]
    first = found(session, typed, Place(sort))
    assert (listed(first), first.newer, first.total) == (expected[:3], None, 8)
    late = AT - HOUR if sort == "oldest" else AT + 9 * HOUR
    before_all = sent(session, late, email=EMAIL).public_id
    second = found(session, typed, Place(sort, before=ids.decode(first.older or "")))
    third = found(session, typed, Place(sort, before=ids.decode(second.older or "")))
    assert (listed(second), listed(third), third.older) == (expected[3:6], expected[6:], None)
    back = found(session, typed, Place(sort, after=ids.decode(third.newer or "")))
    assert listed(back) == expected[3:6]
    assert (back.older, back.newer) == (second.older, second.newer)
    top = found(session, typed, Place(sort, after=ids.decode(back.newer or "")))
    assert listed(top) == expected[:3]
    above = found(session, typed, Place(sort, after=ids.decode(top.newer or "")))
    assert (listed(above), above.newer, above.total) == ([before_all], None, 9)


def test_counts_are_exact_up_to_a_bound(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tribute.services.found.MOST_COUNTED", 3)
    monkeypatch.setattr("tribute.services.found.MOST_ARTICLES", 0)
    for number in range(3):
        sent(session, AT + number * HOUR, email=EMAIL)
    queries = ("silence", "silence morning", f"email:{EMAIL}")
    assert [(found(session, typed).total, found(session, typed).total_capped) for typed in queries] == [(3, False)] * 3
    sent(session, AT + 3 * HOUR, email=EMAIL)
    assert [(found(session, typed).total, found(session, typed).total_capped) for typed in queries] == [(3, True)] * 3


def test_when_the_time_is_up_the_page_keeps_what_was_found(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    tribute = sent(session)

    def spent(*_said: Any) -> int:
        raise Spent

    with monkeypatch.context() as patched:
        patched.setattr("tribute.services.found.Found.counted", spent)
        page = found(session, "silence")
        assert (listed(page), page.is_partial) == ([tribute.public_id], True)
        patched.setattr(search, "lay", spent)
        assert found(session, "silence") == Found(is_partial=True)
    assert listed(found(session, "silence")) == [tribute.public_id]


@pytest.mark.parametrize("typed", ["", "!?*", '"', "-", "\x00", "🕯️"])
def test_a_query_of_signs_alone_finds_nothing_and_is_no_error(session: Session, typed: str) -> None:
    sent(session)
    assert found(session, typed, status=Status.PENDING) == Found()


@pytest.mark.parametrize("typed", ["silence", f"email:{EMAIL} silence status:approved"])
def test_a_page_takes_the_same_number_of_queries_whatever_it_shows(session: Session, typed: str) -> None:
    asked: list[str] = []

    def listen(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        asked.append(statement)

    def queries() -> int:
        session.flush()
        session.expunge_all()
        asked.clear()
        found(session, typed)
        return len(asked)

    event.listen(session.connection(), "before_cursor_execute", listen)
    step(session, standing(session, Status.APPROVED, email=EMAIL), Action.AMEND, AT + 10 * HOUR)
    for_one = queries()
    for number in range(5):
        tribute = standing(session, Status.APPROVED, AT + number * HOUR, email=EMAIL)
        step(session, tribute, Action.AMEND, AT + (11 + number) * HOUR)
    assert (queries(), len(found(session, typed).items)) == (for_one, 6)
