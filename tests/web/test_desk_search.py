"""Searching at the desk: the page, its form, and who may look for an email."""

from __future__ import annotations

import html
import logging
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cast import PASSWORD, Cast, a_tribute
from tests.page import PageClient
from tests.web.steps import amend, contents, decide, main_of, press, version_of
from tribute.domain.lifecycle import Status
from tribute.services import search

FRIDAY = datetime(2026, 1, 16, 9, tzinfo=UTC)
EMAIL = "leyla.unique@memorial.example"


def page(client: PageClient, query: str) -> str:
    """A page of the queue's address."""
    answer = client.get(f"/desk/?{query}")
    assert answer.status_code == 200
    return answer.text


def shown(client: PageClient, query: str) -> list[str]:
    """The ids of the cards on it, in order."""
    return re.findall(r'<h2 id="who-([0-9a-z]{13})"', page(client, query))


def read(client: PageClient, query: str) -> str:
    """What its reader reads."""
    return main_of(client.get(f"/desk/?{query}"))


def of_each_status(app: Flask, **fields: str) -> dict[Status, str]:
    """One tribute of each status, an hour apart."""
    with app.app_context():
        return {
            status: a_tribute(app, status, at=FRIDAY + timedelta(hours=number), **fields)
            for number, status in enumerate(Status)
        }


def test_a_search_goes_through_every_status_unless_one_is_named(app: Flask, cast: Cast) -> None:
    made = of_each_status(app, words="Unforgotten <b>garden</b>")
    everything = [key for status, key in made.items() if status != Status.REMOVED]
    assert shown(cast.moderator, "q=garden") == everything[::-1]
    assert shown(cast.moderator, "q=garden&sort=oldest") == everything
    assert shown(cast.moderator, "q=garden&status=nonsense&language=%00&sort=best&before=x") == everything[::-1]
    for status in Status:
        expected = [made[status]] if made[status] in everything else []
        assert shown(cast.moderator, f"q=garden&status={status}") == expected
        assert shown(cast.moderator, f"q=garden+status:{status}") == expected
    assert shown(cast.moderator, "q=garden&status=waiting") == [made[Status.PENDING]]


def test_a_card_has_its_words_marked_its_status_and_its_buttons(app: Flask, cast: Cast) -> None:
    made = of_each_status(app, words="Unforgotten <b>garden</b> & more", name="Nigar")
    found = page(cast.moderator, "q=GARDEN+nigar")
    assert found.count("<p>Unforgotten <b><mark>garden</mark></b> &amp; more</p>") == 6
    assert found.count("<bdi><mark>Nigar</mark></bdi></a>") == 6
    for name in ("Waiting", "Published", "Declined", "Spam", "Hidden", "Withdrawn"):
        assert f'<span class="tag">{name}</span>' in found
    assert f'formaction="/desk/tributes/{made[Status.PENDING]}/approve"' in found
    assert f'href="/desk/tributes/{made[Status.WITHDRAWN]}/"' in found


def test_new_words_stand_beside_the_public_ones_and_both_are_marked(cast: Cast) -> None:
    author = cast.author(message="Older lantern")
    decide(cast.moderator, author.public_id, "approve")
    amend(author, "Newer lantern")
    assert "Public now Older lantern New words Newer lantern" in read(cast.moderator, "q=lantern")
    found = page(cast.moderator, "q=lantern+newer")
    assert "<p><del>Older</del> <mark>lantern</mark></p>" in found
    assert "<p><ins><mark>Newer</mark></ins> <mark>lantern</mark></p>" in found


def test_each_room_has_the_box_and_keeps_itself_and_its_language(app: Flask, cast: Cast) -> None:
    of_each_status(app)
    box = r'<form method="get"\s+action="/desk/"\s+class="seek brief"\s+role="search">(.*?)</form>'
    for room in ("", *(f"status={status}" for status in Status)):
        form = re.search(box, page(cast.moderator, f"{room}&language=ru"), re.DOTALL)
        assert form
        assert 'name="q"' in form.group(1)
        assert re.search(r'value="ru"\s+lang="ru" selected', form.group(1))
        kept = f'name="status" value="{room.removeprefix("status=")}"'
        assert (kept in form.group(1)) is (room not in ("", "status=pending"))
    assert shown(cast.moderator, "q=&language=ru") == []
    assert len(shown(cast.moderator, "q=%20&status=spam")) == 1


def test_a_search_can_be_narrowed_to_one_language(app: Flask, cast: Cast) -> None:
    with app.app_context():
        russian = a_tribute(app, Status.SPAM, words="Мы помним Баку и скорбим", place="Baku")
        english = a_tribute(app, Status.PENDING, words="We remember and we grieve", place="Baku")
    assert set(shown(cast.moderator, "q=baku")) == {russian, english}
    for query in ("q=baku&language=ru", "q=baku+language:ru"):
        assert shown(cast.moderator, query) == [russian]
    assert shown(cast.moderator, "q=baku&language=ru&status=pending") == []


def test_the_form_says_what_was_chosen_and_typed(cast: Cast) -> None:
    typed = '<b>ə</b> & "quoted" \\'
    found = page(cast.moderator, f"q={quote(typed)}&status=spam&language=az&sort=oldest")
    assert f'value="{typed}"' in html.unescape(found)
    assert "<b>ə</b>" not in found
    for chosen in ('value="spam" selected', 'value="oldest" selected'):
        assert chosen in found
    assert re.search(r'value="az"\s+lang="az" selected', found)


def test_pages_are_linked_both_ways_with_what_was_chosen(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "RESULTS", 2)
    with app.app_context():
        made = [a_tribute(app, Status.SPAM, at=FRIDAY + timedelta(hours=n), words="A garden") for n in range(5)]

    def linked(query: str, name: str) -> str:
        link = re.search(rf'href="/desk/\?([^"]*)">{name}</a>', page(cast.moderator, query))
        return html.unescape(link.group(1)) if link else ""

    for sort, ahead, behind, expected in (("", "Older", "Newer", made[::-1]), ("oldest", "Newer", "Older", made)):
        first = f"q=garden&status=spam&language=en&sort={sort}"
        assert linked(first, behind) == ""
        second = linked(first, ahead)
        assert {"q=garden", "status=spam", "language=en"} < set(second.split("&"))
        third = linked(second, ahead)
        assert shown(cast.moderator, first) + shown(cast.moderator, second) + shown(cast.moderator, third) == expected
        assert linked(third, ahead) == ""
        assert shown(cast.moderator, linked(linked(third, behind), behind)) == expected[:2]


def test_the_number_found_is_said_exactly_up_to_a_bound(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast.tribute(Status.PENDING, words="A garden")
    assert "1 tribute found" in read(cast.moderator, "q=garden")
    cast.tribute(Status.SPAM, words="A garden")
    assert "2 tributes found" in read(cast.moderator, "q=garden")
    monkeypatch.setattr("tribute.services.found.MOST_COUNTED", 1)
    assert "1+ tribute" in read(cast.moderator, "q=garden")


def test_nothing_found_is_said_quietly_with_a_way_to_everything(cast: Cast) -> None:
    public_id = cast.tribute(Status.PENDING, words="A garden")
    for query in ("q=nobodywrotethis", "q=%21%3F", "q=garden&status=spam", "q=garden&language=ru"):
        assert "Nothing was found." in read(cast.moderator, query)
    assert ">Search every status and language</a>" not in page(cast.moderator, "q=nobodywrotethis")
    wider = re.search(r'href="/desk/\?([^"]*)">Search every', page(cast.moderator, "q=garden&status=spam&sort=oldest"))
    assert wider
    assert shown(cast.moderator, html.unescape(wider.group(1))) == [public_id]


def test_what_could_not_be_read_is_said(cast: Cast) -> None:
    assert "Taken as plain words: year:soon" in read(cast.moderator, "q=garden+year:soon")
    assert "Only the first words" in read(cast.moderator, "q=" + "+".join(f"word{n}" for n in range(30)))
    assert "Taken as plain words" not in read(cast.moderator, "q=garden+year:2026")


def test_a_keeper_finds_by_email_and_a_moderator_does_not(cast: Cast) -> None:
    made = {cast.tribute(status, email=EMAIL) for status in (Status.PENDING, Status.APPROVED, Status.SPAM)}
    cast.tribute(Status.PENDING, email="somebody.else@memorial.example")
    typed = quote(f"email:{EMAIL.upper()}")
    assert set(shown(cast.keeper, f"q={typed}")) == made
    assert len(shown(cast.keeper, f"q={typed}+silence&status=spam")) == 1
    assert shown(cast.keeper, f"q={typed}+absent") == []
    assert shown(cast.keeper, "q=email:nobody@memorial.example") == []
    assert shown(cast.moderator, f"q={typed}") == []
    assert "Taken as plain words: email:" in read(cast.moderator, f"q={typed}")
    assert shown(cast.keeper, f"q={EMAIL}") == []
    for client, is_told in ((cast.keeper, True), (cast.moderator, False)):
        assert ('<dt><code dir="auto">email:' in page(client, "q=garden")) is is_told


def test_no_email_is_on_the_page_but_in_the_box_where_it_was_typed(cast: Cast) -> None:
    cast.tribute(Status.PENDING, email=EMAIL)
    assert EMAIL not in page(cast.keeper, "q=silence")
    found = page(cast.keeper, f"q={quote('email:' + EMAIL)}")
    outside = found.replace(f'value="email:{EMAIL}"', "")
    assert EMAIL not in outside
    assert re.search(r"<title>Search · ", found)


def test_a_search_leaves_no_trace(app: Flask, cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    cast.tribute(Status.PENDING)
    assert shown(cast.keeper, "q=silence")
    before = contents(app)
    with caplog.at_level(logging.DEBUG):
        answer = cast.keeper.get("/desk/", query_string={"q": f"unrepeated email:{EMAIL}"})
    assert contents(app) == before
    assert "unrepeated" not in caplog.text.lower()
    assert EMAIL not in caplog.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert '<meta name="robots" content="noindex">' in answer.text


def test_a_decision_leads_back_to_the_search_and_can_be_taken_back_there(cast: Cast) -> None:
    public_id = cast.tribute(Status.PENDING, words="A garden & more")
    way_back = re.search(r'name="next" value="(/desk/\?q=[^"]*)"', page(cast.moderator, "q=garden+%26+%C5%9F%5C&sort="))
    assert way_back
    address = html.unescape(way_back.group(1))
    answer = press(
        cast.moderator, f"/desk/tributes/{public_id}/spam", version=version_of(cast.app, public_id), next=address
    )
    assert (answer.status_code, answer.location) == (303, address)
    assert f'action="/desk/tributes/{public_id}/undo"' in page(cast.moderator, "q=garden")


def test_what_was_removed_is_found_no_more(cast: Cast) -> None:
    author = cast.author(name="Unrepeated", email=EMAIL)
    queries = ("q=unrepeated", "q=silence", f"q=email:{EMAIL}")
    assert [shown(cast.keeper, query) for query in queries] == [[author.public_id]] * 3
    decide(cast.keeper, author.public_id, "remove", ground="person", password=PASSWORD)
    assert [shown(cast.keeper, query) for query in queries] == [[]] * 3


def test_nobody_else_searches_the_desk(cast: Cast) -> None:
    cast.tribute(Status.PENDING)
    answer = cast.visitor.get("/desk/?q=silence")
    assert answer.status_code == 302
    assert answer.location.startswith("/account/login")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    typed=st.text(
        st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from("\x00'\"%_*()-:&|!<>\\^~@")), max_size=600
    ),
    choice=st.text(max_size=5),
    field=st.sampled_from(["", "email:", "status:", "year:", '"', "-", "name:"]),
)
def test_nothing_that_can_be_typed_is_an_error(cast: Cast, typed: str, choice: str, field: str) -> None:
    said = {"q": field + typed, "status": choice, "language": choice, "sort": choice, "before": choice, "after": choice}
    assert cast.keeper.get("/desk/", query_string=said).status_code == 200


@pytest.mark.parametrize(
    "typed",
    ["***", '"', "-", "--x", "a" * 500, "x " * 200, "NEAR(a b)", "a OR b", "مرحبا", "👩‍👩‍👧", "\x00", ":*", "\\",
     "'; DROP TABLE tribute", "email:@", "email:\x00@\x00", 'email:"a b@c"', "status:", "status:DROP", "-email:a@b",
     "email:a@b email:c@d", "\ud800@x", "email:" + "@" * 490],
)  # fmt: skip
def test_no_hostile_query_fails(cast: Cast, typed: str) -> None:
    cast.tribute(Status.PENDING)
    answer = cast.keeper.get("/desk/?q=" + quote(typed, errors="surrogatepass"))
    assert answer.status_code == 200
