"""Why words stand where they do: the verdicts on the desk's pages, and each signal as a sentence."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from tests.cast import Cast
from tests.web.steps import LANGUAGES, decide, main_of, press
from tribute.domain import ids
from tribute.domain.verdict import Verdict
from tribute.extensions import db
from tribute.models import Triage, Tribute
from tribute.web import why, words
from tribute.web.why import Sentence

SIGNALS: list[tuple[str, ...]] = [
    ("trap",), ("too_fast", "1"), ("too_fast", "3"), ("too_old", "30"), ("links", "1"), ("links", "2"),
    ("phone", "1"), ("phone", "5"), ("repeated", "1"), ("repeated", "12"), ("listed_hateful", "scum"),
    ("listed_rough", "scum", "vermin"), ("hostile_to_people", "scum", "Armenians"), ("listed_spam", "casino"),
    ("listed_spam_notable", "cheap"), ("listed_help", "I want to die"), ("listed_help_notable", "no way out"),
    ("mixed_scripts", "cаsino"), ("capitals",), ("listed_domain", "casino.example"), ("many_from_address", "6"),
    ("email_history", "0", "2"), ("email_history", "3", "1"), ("learnt_spam", "chea", "buy "),
    ("learnt_hateful", "scum"), ("posing", "Aytən"), ("invisible",), ("unworked",),
]  # fmt: skip
UNKNOWN: list[tuple[str, ...]] = [
    ("unheard_of", "x"), ("links",), ("links", "many"), ("links", "1", "2"), ("listed_spam",), ("email_history", "1"),
    ("phone", "٣"), ("",),
]  # fmt: skip


def weighed(app: Flask, cast: Cast, verdict: Verdict, *signals: tuple[str, ...]) -> str:
    """A tribute that waits with a verdict and signals."""
    public_id = cast.author(name="Daniel M.").public_id
    with app.app_context():
        row = db.session.get_one(Tribute, ids.decode(public_id))
        triage = db.session.get_one(Triage, row.waiting_revision_id)
        triage.verdict, triage.signals = verdict, [list(signal) for signal in signals]
        row.urgency = verdict.urgency
        db.session.commit()
    return public_id


def shown(cast: Cast, query: str = "") -> list[str]:
    """The ids of the cards that the desk shows, in order."""
    return re.findall(r'<h2 id="who-([0-9a-z]{13})"', cast.moderator.get(f"/desk/{query}").text)


def chips(cast: Cast, query: str = "") -> list[str]:
    """What can be chosen above the list."""
    found = re.search(r'<nav class="chips".*?</nav>', cast.moderator.get(f"/desk/{query}").text, re.DOTALL)
    said = re.findall(r"<a href=.*?</a>", found.group(), re.DOTALL) if found else []
    return [" ".join(re.sub("<[^>]+>", "", one).split()) for one in said]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_signal_has_a_sentence_in_every_language(bare: Flask, lang: str) -> None:
    with bare.test_request_context(f"/{lang}/"):
        said = why.sentences(SIGNALS)
        assert len(said) == len(SIGNALS)
        assert len({sentence.before + sentence.after for sentence in said}) == len(SIGNALS)
        for sentence, (name, *told) in zip(said, SIGNALS, strict=True):
            whole = sentence.before + sentence.after
            assert whole.endswith("."), name
            assert "%" not in whole, name
            assert all(each in sentence.quoted or each in whole for each in told), name
        assert len({words.FILTERS["verdict_name"](verdict) for verdict in Verdict}) == len(Verdict)


def test_a_number_is_told_in_a_sentence_that_fits_it(bare: Flask) -> None:
    with bare.test_request_context("/en/"):
        said = [sentence.before for sentence in why.sentences([("links", "1"), ("links", "2"), ("repeated", "1"),
                                                               ("email_history", "2", "1")])]  # fmt: skip
    assert said == [
        "It has 1 link.", "It has 2 links.", "Nearly the same text came 1 time in the last 30 days.",
        "Earlier tributes with this confirmed email: 1 published, 2 spam.",
    ]  # fmt: skip


def test_a_signal_of_another_version_of_the_program_is_not_told(bare: Flask) -> None:
    with bare.test_request_context("/en/"):
        assert why.sentences([*UNKNOWN, ("trap",)]) == [Sentence("A field was filled in that people do not see.")]


def test_a_card_says_what_it_is_taken_for_and_why_with_what_is_quoted_set_apart(app: Flask, cast: Cast) -> None:
    told = [("listed_spam", "<b>casino</b>", "\u202ebet"), ("links", "2"), *UNKNOWN]
    public_id = weighed(app, cast, Verdict.SPAM, *told)
    for address in ("/desk/", f"/desk/tributes/{public_id}/"):
        page = cast.moderator.get(address)
        assert "<b>casino" not in page.text
        assert "“<bdi>&lt;b&gt;casino&lt;/b&gt;</bdi>”, “<bdi>\u202ebet</bdi>”." in page.text
        assert main_of(page).index("Likely spam") < main_of(page).index("Why it stands here It has words that are")
        assert len(re.findall(r"<li>\s*It has", page.text)) == 2
        assert "cry for help" not in main_of(page)


def test_ordinary_words_without_a_signal_say_nothing_about_it(app: Flask, cast: Cast) -> None:
    weighed(app, cast, Verdict.ORDINARY)
    page = main_of(cast.moderator.get("/desk/"))
    assert "Why it stands here" not in page
    assert "Ordinary" not in page


def test_what_may_be_a_cry_for_help_stands_first_and_asks_to_be_read_first(app: Flask, cast: Cast) -> None:
    ordinary = weighed(app, cast, Verdict.ORDINARY)
    cry = weighed(app, cast, Verdict.HELP, ("listed_help", "I want to die"))
    assert shown(cast) == [cry, ordinary]
    page = main_of(cast.moderator.get("/desk/"))
    assert page.count("This may be a cry for help. Please read it first.") == 1


def test_what_was_decided_is_not_explained_any_more(app: Flask, cast: Cast) -> None:
    public_id = weighed(app, cast, Verdict.SPAM, ("links", "2"))
    decide(cast.moderator, public_id, "spam")
    for address in ("/desk/?status=spam", f"/desk/tributes/{public_id}/"):
        page = main_of(cast.moderator.get(address))
        assert "It has 2 links" not in page
        assert "Likely spam" not in page


def test_each_verdict_that_waits_can_be_read_alone(app: Flask, cast: Cast) -> None:
    made = {verdict: weighed(app, cast, verdict) for verdict in list(Verdict)[::-1] if verdict != Verdict.HATEFUL}
    assert chips(cast) == ["All 4", "Likely cry for help 1", "Ordinary 1", "Look closer 1", "Likely spam 1"]
    assert shown(cast) == [made[verdict] for verdict in Verdict if verdict in made]
    for verdict, public_id in made.items():
        assert shown(cast, f"?verdict={verdict}") == [public_id]
        assert shown(cast, f"?verdict={verdict}&language=en") == [public_id]
        assert shown(cast, f"?verdict={verdict}&language=ru") == []
    assert chips(cast, "?verdict=hateful")[-1] == "Likely hateful 0"
    assert "There is nothing here." in main_of(cast.moderator.get("/desk/?verdict=hateful"))
    assert shown(cast, "?verdict=nonsense") == shown(cast)
    page = cast.moderator.get("/desk/?verdict=spam&language=en").text
    assert re.search(r'href="/desk/\?verdict=spam&amp;language=en" aria-current="true"', page)
    assert '<input type="hidden" name="verdict" value="spam">' in page


def test_where_everything_is_ordinary_there_is_nothing_to_choose(app: Flask, cast: Cast) -> None:
    weighed(app, cast, Verdict.ORDINARY)
    assert chips(cast) == []
    weighed(app, cast, Verdict.LOOK_CLOSER)
    assert chips(cast, "?status=spam") == []
    assert chips(cast) == ["All 2", "Ordinary 1", "Look closer 1"]


def test_a_decision_leads_back_to_the_verdict_that_was_read(app: Flask, cast: Cast) -> None:
    public_id = weighed(app, cast, Verdict.SPAM)
    page = cast.moderator.get("/desk/?verdict=spam").text
    found = re.search(r'name="next"\s+value="([^"]*verdict[^"]*)"', page)
    assert found
    answer = press(cast.moderator, f"/desk/tributes/{public_id}/spam", version=1, next=found.group(1))
    assert answer.location == "/desk/?verdict=spam"
