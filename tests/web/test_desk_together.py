"""Several people at one desk: opinions, questions, notes, claims, languages, batches, the brake, cries for help."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from werkzeug.test import TestResponse

from tests.cast import FORM, WORDS, Cast, hidden, send
from tests.page import PageClient
from tests.web.steps import (
    LANGUAGES,
    amend,
    contents,
    decide,
    found,
    main_of,
    press,
    take_back,
    version_of,
    withdraw,
)
from tests.web.test_desk_why import weighed
from tribute.domain.lifecycle import Status
from tribute.domain.permissions import Role
from tribute.domain.verdict import Verdict
from tribute.extensions import now


def shown(client: PageClient, query: str = "") -> list[str]:
    """The ids of the cards that a list shows, in order."""
    return re.findall(r'<h2 id="who-([0-9a-z]{13})"', client.get(f"/desk/{query}").text)


def ticked(app: Flask, *public_ids: str) -> list[str]:
    """What the boxes of these cards send."""
    return [f"{public_id}:{version_of(app, public_id)}" for public_id in public_ids]


def bulk(client: PageClient, action: str, **fields: object) -> TestResponse:
    """Press a button of the form for several."""
    return press(client, "/desk/bulk", action=action, **fields)


def test_the_first_of_two_is_named_on_the_card_and_the_second_publishes(app: Flask, cast: Cast) -> None:
    kamran = cast.signed_in(Role.MODERATOR, "Kamran", "kamran@memorial.example")
    public_id = weighed(app, cast, Verdict.HATEFUL)
    assert decide(cast.moderator, public_id, "approve").status_code == 303
    assert shown(kamran) == []
    page = main_of(kamran.get("/desk/?status=second"))
    assert "Rəna would publish it. It takes two people." in page
    assert "Another person decides now." in main_of(cast.moderator.get("/desk/?status=second"))
    decide(kamran, public_id, "approve")
    assert found(app, public_id).status == Status.APPROVED


def test_an_opinion_has_its_undo_in_the_slip(app: Flask, cast: Cast) -> None:
    cast.signed_in(Role.MODERATOR, "Kamran", "kamran@memorial.example")
    public_id = weighed(app, cast, Verdict.HATEFUL)
    page = decide(cast.moderator, public_id, "approve", next="/desk/")
    assert page.status_code == 303
    assert f"/desk/tributes/{public_id}/undo" in cast.moderator.get("/desk/").text
    decide(cast.moderator, public_id, "undo")
    assert shown(cast.moderator) == [public_id]


def test_a_colleague_is_asked_with_a_note_that_the_author_never_sees(app: Flask, cast: Cast) -> None:
    author = cast.author()
    said = "Is this his real name?"
    assert decide(cast.moderator, author.public_id, "second-opinion", note=said).status_code == 303
    assert shown(cast.keeper) == []
    page = main_of(cast.keeper.get("/desk/?status=second"))
    assert "Rəna asks a colleague." in page
    assert said in page
    decide(cast.keeper, author.public_id, "decline", reason="off_topic")
    assert said not in author.client.get(author.receipt).text
    history = main_of(cast.keeper.get(f"/desk/tributes/{author.public_id}/"))
    assert "A colleague is asked Rəna" in history
    assert f"Note to colleagues: {said}" in history


def test_a_note_stands_in_the_history_and_log_and_is_for_colleagues_alone(app: Flask, cast: Cast) -> None:
    author = cast.author()
    decide(cast.moderator, author.public_id, "note", note="I know the family.")
    decide(cast.moderator, author.public_id, "approve")
    for path in (f"/desk/tributes/{author.public_id}/", "/desk/log"):
        assert "Note to colleagues: I know the family." in main_of(cast.keeper.get(path))
    assert "I know the family." not in author.client.get(author.receipt).text


@pytest.mark.parametrize("remark", ["note", "second-opinion"])
@pytest.mark.parametrize("said", ["", "  \u200b ", "x" * 2001])
def test_an_empty_or_endless_note_is_refused_and_kept(cast: Cast, app: Flask, remark: str, said: str) -> None:
    public_id = cast.tribute(Status.PENDING)
    before = contents(app)["decision"]
    answer = decide(cast.moderator, public_id, remark, note=said)
    assert answer.status_code == 422
    assert contents(app)["decision"] == before
    if said.strip("\u200b "):
        assert said in answer.text


def test_a_question_about_what_has_changed_is_a_conflict_with_the_note_kept(cast: Cast) -> None:
    public_id = cast.tribute(Status.PENDING)
    answer = decide(cast.moderator, public_id, "second-opinion", version="7", note="My question")
    assert (answer.status_code, "My question" in answer.text) == (409, True)


def test_ten_are_taken_and_others_see_who_reads_them(cast: Cast) -> None:
    made = [cast.tribute(Status.PENDING, at=now() - timedelta(hours=20 - number)) for number in range(12)]
    answer = press(cast.moderator, "/desk/claim")
    assert answer.location == "/desk/?mine=1"
    assert "10 tributes are yours for five minutes." in main_of(cast.moderator.get("/desk/?mine=1"))
    assert shown(cast.moderator, "?mine=1") == made[:10]
    page = main_of(cast.keeper.get("/desk/"))
    assert page.count("Rəna is reading it.") == 10
    press(cast.keeper, "/desk/claim")
    assert shown(cast.keeper, "?mine=1") == made[10:]
    with time_machine.travel(now() + timedelta(minutes=5, seconds=1)):
        assert "is reading it." not in main_of(cast.keeper.get("/desk/"))


def test_where_everything_is_read_already_the_page_says_so(cast: Cast) -> None:
    cast.tribute(Status.PENDING)
    press(cast.moderator, "/desk/claim")
    assert press(cast.keeper, "/desk/claim").location == "/desk/"
    assert "There is nothing that nobody else is reading." in main_of(cast.keeper.get("/desk/"))


def test_a_moderator_names_their_languages_and_the_rest_is_counted_below(cast: Cast) -> None:
    english = cast.tribute(Status.PENDING)
    azerbaijani = cast.tribute(Status.PENDING, words="Şəhidlərimizi heç vaxt unutmarıq.")
    assert press(cast.moderator, "/desk/you", reads="az", letters="1").location == "/desk/you"
    assert shown(cast.moderator) == [azerbaijani]
    assert "Needs a reader: English 1" in main_of(cast.moderator.get("/desk/"))
    assert shown(cast.moderator, "?language=en") == [english]
    assert 'value="az" id="reads-az" checked' in " ".join(cast.moderator.get("/desk/you").text.split())
    press(cast.moderator, "/desk/you")
    assert set(shown(cast.moderator)) == {english, azerbaijani}


def test_several_are_shown_first_then_decided_and_taken_back_as_one(app: Flask, cast: Cast) -> None:
    made = [cast.tribute(Status.PENDING, name=f"Author {number}") for number in range(3)]
    moderator = cast.moderator
    before = contents(app)
    page = bulk(moderator, "spam", chosen=ticked(app, *made[:2]))
    assert (page.status_code, contents(app)) == (200, before)
    assert "2 tributes will be marked as spam" in main_of(page)
    assert "Author 1" in main_of(page)
    answer = bulk(cast.moderator, "spam", chosen=re.findall(r'name="chosen" value="([^"]+)"', page.text), sure="1")
    assert answer.location == "/desk/"
    assert [found(app, each).status for each in made] == ["spam", "spam", "pending"]
    queue = cast.moderator.get("/desk/")
    assert "2 tributes were decided on: spam." in main_of(queue)
    undo = re.search(r'action="(/desk/bulk/[0-9a-z]+/undo)"', queue.text)
    assert undo
    press(cast.moderator, undo.group(1))
    assert [found(app, each).status for each in made] == ["pending"] * 3
    assert "2 decisions were taken back." in main_of(cast.moderator.get("/desk/"))
    assert "taken back" not in main_of(cast.moderator.get("/desk/"))


def test_a_whole_list_is_taken_by_its_verdict(app: Flask, cast: Cast) -> None:
    spam = [weighed(app, cast, Verdict.SPAM) for _ in range(3)]
    other = cast.tribute(Status.PENDING)
    page = bulk(cast.moderator, "spam", all="1", verdict="spam", status="waiting")
    assert "3 tributes will be marked as spam" in main_of(page)
    bulk(cast.moderator, "spam", chosen=re.findall(r'name="chosen" value="([^"]+)"', page.text), sure="1")
    assert {found(app, each).status for each in spam} == {"spam"}
    assert found(app, other).status == "pending"


def test_all_that_a_search_finds_is_taken(app: Flask, cast: Cast) -> None:
    made = [cast.tribute(Status.PENDING, words=f"Cheap umbrellas {number}") for number in range(25)]
    other = cast.tribute(Status.PENDING)
    page = bulk(cast.moderator, "spam", all="1", q="umbrellas")
    assert "25 tributes will be marked as spam" in main_of(page)
    chosen = re.findall(r'name="chosen" value="([^"]+)"', page.text)
    bulk(cast.moderator, "spam", chosen=chosen, sure="1")
    assert {found(app, each).status for each in made} == {"spam"}
    assert found(app, other).status == "pending"


def test_what_cannot_be_decided_so_is_said_before_and_what_changed_after(app: Flask, cast: Cast) -> None:
    pending, published = cast.tribute(Status.PENDING), cast.tribute(Status.APPROVED)
    page = bulk(cast.moderator, "spam", chosen=ticked(app, pending, published))
    assert "1 of those you chose cannot be decided so and stays as it is." in main_of(page)
    decide(cast.keeper, pending, "approve")
    bulk(cast.moderator, "spam", chosen=[f"{pending}:1"], sure="1")
    assert "1 had changed and was left as it is." in main_of(cast.moderator.get("/desk/"))
    assert found(app, pending).status == "approved"


@pytest.mark.parametrize(
    "fields",
    [{}, {"action": "remove"}, {"action": "spam"}, {"action": "decline", "all": "1"}, {"action": "hide", "all": "1"},
     {"action": "spam", "chosen": ["x", "1:1", ":", "0000000000000:99999999999999999999"]}],
)  # fmt: skip
def test_what_is_not_chosen_rightly_does_nothing(app: Flask, cast: Cast, fields: dict[str, object]) -> None:
    cast.tribute(Status.PENDING)
    before = contents(app)["tribute"]
    assert press(cast.moderator, "/desk/bulk", sure="1", **fields).status_code in (303, 422)
    assert contents(app)["tribute"] == before


def test_a_pause_keeps_the_words_and_says_when_the_form_opens(app: Flask, cast: Cast) -> None:
    sentence = "Very many tributes have come; we read them first."
    assert press(cast.moderator, "/desk/brake/pause", sentence=sentence, hours="3").status_code == 303
    assert sentence in main_of(cast.visitor.get(FORM))
    answer = send(cast.visitor)
    assert answer.status_code == 503
    assert 0 < int(answer.headers["Retry-After"]) <= 3 * 3600
    assert WORDS in answer.text
    assert "Yours has not been sent" in main_of(answer)
    assert contents(app)["tribute"] == []
    page = main_of(cast.keeper.get("/desk/"))
    assert "New tributes paused Rəna" in page
    assert "New tributes are paused until" in page
    press(cast.keeper, "/desk/brake/seen")
    assert "New tributes paused Rəna" not in main_of(cast.keeper.get("/desk/"))
    press(cast.moderator, "/desk/brake/resume")
    assert send(cast.visitor).status_code == 303
    log = main_of(cast.keeper.get("/desk/log"))
    assert f"New tributes paused For visitors: {sentence} Rəna The whole site" in log
    assert "New tributes taken again Rəna The whole site" in log


def test_a_pause_holds_new_words_of_earlier_tributes_too_but_never_a_withdrawal(app: Flask, cast: Cast) -> None:
    mended, withdrawn = cast.author(), cast.author()
    decide(cast.moderator, mended.public_id, "approve")
    press(cast.moderator, "/desk/brake/pause", sentence="Soon again.", hours="3")
    before = contents(app)["revision"]
    assert "Soon again." in main_of(mended.client.get(f"{mended.receipt}amend"))
    answer = amend(mended, "Newer words, typed for an hour")
    assert (answer.status_code, 0 < int(answer.headers["Retry-After"]) <= 3 * 3600) == (503, True)
    assert "Newer words, typed for an hour" in answer.text
    assert "Yours have not been sent" in main_of(answer)
    assert amend(mended, "Newer words", name="").status_code == 422  # what is wrong is said first
    assert contents(app)["revision"] == before
    assert withdraw(withdrawn).status_code == 303
    assert found(app, withdrawn.public_id).status == Status.WITHDRAWN
    assert take_back(withdrawn).status_code == 303
    with time_machine.travel(now() + timedelta(hours=3, seconds=1)):
        assert amend(mended, "Newer words, typed for an hour").status_code == 303


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_pause_is_told_in_every_language_where_words_are_mended(cast: Cast, language: str) -> None:
    author = cast.author()
    address = author.receipt.replace("/en/", f"/{language}/", 1)
    press(cast.moderator, "/desk/brake/pause", sentence="Soon again.", hours="3")
    page = author.client.get(f"{address}amend")
    kept = {name: hidden(page, name) for name in ("version", "csrf_token")}
    answer = author.client.post(f"{address}amend", data={"name": "Daniel M.", "message": "Newer words"} | kept)
    assert answer.status_code == 503
    said = {
        "az": "Sizinki göndərilməyib",
        "en": "Yours have not been sent",
        "ru": "Ваш не отправлен",
        "tr": "gönderilmedi",
    }
    assert said[language] in main_of(answer)


def test_a_pause_ends_by_itself(cast: Cast) -> None:
    press(cast.moderator, "/desk/brake/pause", sentence="Soon again.", hours="1")
    with time_machine.travel(now() + timedelta(minutes=59)):
        assert send(cast.visitor).status_code == 503
    with time_machine.travel(now() + timedelta(hours=1, seconds=1)):
        assert "Soon again." not in cast.visitor.get(FORM).text
        assert send(cast.visitor).status_code == 303


@pytest.mark.parametrize("sentence", ["", " ", "x" * 201])
def test_a_pause_needs_a_sentence_of_some_length(app: Flask, cast: Cast, sentence: str) -> None:
    before = contents(app)["safeguard"]
    assert press(cast.moderator, "/desk/brake/pause", sentence=sentence).status_code == 422
    assert contents(app)["safeguard"] == before


def test_all_published_lately_is_hidden_as_one_and_shown_again_as_one(app: Flask, cast: Cast) -> None:
    old, new = cast.tribute(Status.APPROVED), cast.tribute(Status.APPROVED, at=now() - timedelta(minutes=8))
    page = press(cast.moderator, "/desk/brake/hide", minutes="10")
    assert "1 tribute will be hidden" in main_of(page)
    assert found(app, new).status == "approved"
    press(cast.moderator, "/desk/brake/hide", minutes="10", since=hidden(page, "since"), sure="1")
    assert (found(app, old).status, found(app, new).status) == ("approved", "hidden")
    assert "What was published lately hidden Rəna" in main_of(cast.keeper.get("/desk/"))
    brake = cast.keeper.get("/desk/brake")
    assert "1 tribute hidden" in main_of(brake)
    again = re.search(r'action="(/desk/brake/[0-9a-z]+/show-again)"', brake.text)
    assert again
    press(cast.keeper, again.group(1))
    assert found(app, new).status == "approved"
    assert "Shown again" in main_of(cast.keeper.get("/desk/brake"))


def test_a_likely_cry_for_help_shows_the_playbook_and_the_receipt_the_helplines(app: Flask, cast: Cast) -> None:
    author = cast.author()
    plain = author.client.get(author.receipt).text
    assert "The keepers have written no playbook yet." not in main_of(cast.keeper.get("/desk/"))
    said = {"helplines-en": "Call <b>860</b>, day and night.", "playbook-az": "Keeperə dərhal deyin."}
    assert press(cast.keeper, "/desk/care", **said).status_code == 303
    assert author.client.get(author.receipt).text.count("860") == plain.count("860") == 0
    public_id = weighed(app, cast, Verdict.HELP)
    assert "Keeperə dərhal deyin." in main_of(cast.moderator.get("/desk/"))
    assert shown(cast.moderator)[0] == public_id


def test_the_helplines_stand_on_the_authors_page_in_every_language(app: Flask, cast: Cast) -> None:
    press(cast.keeper, "/desk/care", **{"helplines-en": "Call <b>860</b>.", "helplines-ru": "Звоните 860."})
    author = cast.author(message="I want to die. There is no reason to live.")
    for language in LANGUAGES:
        page = author.client.get(author.receipt.replace("/en/", f"/{language}/"))
        assert "860" in main_of(page)
        assert ("Звоните" in page.text) is (language == "ru")
    assert "860" not in main_of(cast.visitor.get("/en/20-january/tributes/"))


def test_only_keepers_write_the_playbook(cast: Cast) -> None:
    assert cast.moderator.get("/desk/care").status_code == 403
    assert press(cast.moderator, "/desk/care").status_code == 403
    assert "/desk/care" not in cast.moderator.get("/desk/").text


def test_a_text_without_end_is_refused(app: Flask, cast: Cast) -> None:
    before = contents(app)["setting"]
    assert press(cast.keeper, "/desk/care", **{"playbook-en": "x" * 5001}).status_code == 422
    assert contents(app)["setting"] == before
