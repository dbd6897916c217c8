"""What the forms take, what they refuse, and what they say about it."""

from __future__ import annotations

from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from tribute.domain.reasons import Ground, Reason
from tribute.web.forms import AmendForm, ContactForm, DecisionForm, InvitationForm, TributeForm, VersionForm

FAMILY = "👨‍👩‍👧‍👦"  # one character to a reader, seven code points
FLAG = "🇦🇿"
ACCENTED = "e" + "\u0301" * 8
INVISIBLE = ("", " ", "\t\n", "\u200b\u200b", "\u3164", "\u2800", "\u00ad", "\u202e\u202d", "\ufe0f", "\u2066\u2069")
pytestmark = pytest.mark.usefixtures("asked")


def filled(**fields: Any) -> TributeForm:
    """A tribute's form as it was sent."""
    sent = {"name": "Daniel M.", "place": "Leeds", "message": "Words.", "gesture": "none", "consent": "y"} | fields
    return TributeForm(MultiDict({name: value for name, value in sent.items() if value is not None}))


def refused(form: Any) -> dict[str, list[str]]:
    """The fields of a form that were refused, each with its sentences."""
    form.validate()
    return {name: [str(sentence) for sentence in said] for name, said in form.errors.items()}


@pytest.mark.parametrize(
    "name", ["A", "x" * 80, FAMILY * 80, FLAG * 80, ACCENTED * 80, "Ələkbər Əliyev", "O’Neil", "张"]
)
def test_a_name_has_up_to_80_letters_as_a_reader_counts_them(name: str) -> None:
    assert refused(filled(name=name)) == {}


@pytest.mark.parametrize(
    ("name", "over"), [("x" * 81, "1 character"), (FAMILY * 81, "1 character"), ("x" * 90, "10 characters")]
)
def test_a_longer_name_is_refused_and_by_how_much_is_said(name: str, over: str) -> None:
    assert refused(filled(name=name)) == {"name": [f"This is {over} too long."]}


@pytest.mark.parametrize("name", INVISIBLE)
def test_a_name_that_cannot_be_seen_is_none(name: str) -> None:
    assert refused(filled(name=name)) == {"name": ["Please enter the name to show with your tribute."]}


def test_a_place_may_be_absent_and_has_up_to_80_letters() -> None:
    assert refused(filled(place="")) == refused(filled(place=FAMILY * 80)) == {}
    assert refused(filled(place="x" * 82)) == {"place": ["This is 2 characters too long."]}


@pytest.mark.parametrize("message", ["x" * 2_000, FAMILY * 2_000, "e\u0301" * 2_000, "a\r\n" * 1_000])
def test_words_have_up_to_2000_letters_as_a_reader_counts_them(message: str) -> None:
    assert refused(filled(message=message)) == {}


@pytest.mark.parametrize(
    ("message", "over"),
    [("x" * 2_001, "1 character"), (FAMILY * 2_003, "3 characters"), (ACCENTED * 2_000, "2000 characters"),
     ("a" + "\u0301" * 16_000, "1 character")],
)  # fmt: skip
def test_longer_words_are_refused_and_so_are_letters_stacked_without_end(message: str, over: str) -> None:
    form = filled(message=message)
    assert refused(form) == {"message": [f"This is {over} too long."]}
    assert form.message.data == message


@pytest.mark.parametrize("message", INVISIBLE)
def test_words_may_be_absent_where_something_is_laid_but_not_without(message: str) -> None:
    for gesture in ("carnation", "candle", "dove"):
        assert refused(filled(message=message, gesture=gesture)) == {}
    assert list(refused(filled(message=message, gesture="none"))) == ["message"]


@pytest.mark.parametrize("gesture", ["rose", "", "Carnation"])
def test_only_what_can_be_chosen_can_be_laid(gesture: str) -> None:
    assert refused(filled(gesture=gesture)) == {"gesture": ["Please choose one of these."]}


def test_consent_must_be_given_and_is_not_given_beforehand() -> None:
    assert list(refused(filled(consent=None))) == ["consent"]
    assert not TributeForm(MultiDict()).consent.data


@pytest.mark.parametrize("email", ["", "a@b.example", " a@b.example ", "ürək@memorial.example"])
def test_an_email_may_be_absent(email: str) -> None:
    assert refused(filled(email=email)) == {}


@pytest.mark.parametrize("email", ["nobody", "a@b", "a b@c.example", "a@b.example, c@d.example", "@", "a@" + "b" * 300])
def test_what_cannot_be_an_email_is_refused(email: str) -> None:
    assert list(refused(filled(email=email))) == ["email"]


def test_only_what_turns_lines_around_or_ends_them_is_taken_out() -> None:
    form = filled(name="  Oleg\n \u202eIvanov\x07 ", message="\n\n  <b>1 < 2</b> & “all”\r\n\tkept \x00\n\n")
    assert (form.name.data, form.message.data) == ("Oleg Ivanov", "  <b>1 < 2</b> & “all”\n\tkept")


@pytest.mark.parametrize(("gesture", "sentences"), [("dove", []), ("none", ["Please write some words."])])
def test_new_words_may_be_absent_only_where_something_was_laid(gesture: str, sentences: list[str]) -> None:
    form = AmendForm(MultiDict({"name": "Daniel M.", "message": "\u200b"}), gesture=gesture)
    assert refused(form).get("message", []) == sentences


@pytest.mark.parametrize(("version", "seen"), [("3", 3), ("", 0), ("-1", 0), ("1.5", 0), ("x", 0), ("9" * 40, 0)])
def test_a_version_that_was_tampered_with_is_no_version(version: str, seen: int) -> None:
    assert VersionForm(MultiDict({"version": version})).seen == seen


@pytest.mark.parametrize("message", INVISIBLE)
def test_a_message_to_the_keepers_needs_its_kind_and_words(message: str) -> None:
    form = ContactForm(MultiDict({"kind": "praise", "message": message, "email": "nobody"}))
    assert sorted(refused(form)) == ["email", "kind", "message"]
    assert refused(ContactForm(MultiDict({"kind": "other", "message": "x" * 5_000}))) == {}
    assert list(refused(ContactForm(MultiDict({"kind": "other", "message": "x" * 5_001})))) == ["message"]


def test_an_account_needs_a_name_an_address_and_the_same_long_password_twice() -> None:
    good = {"name": "Aytən", "email": "a@b.example", "password": "şüşə qapı", "password_confirm": "şüşə qapı"}
    assert refused(InvitationForm(MultiDict(good))) == {
        "password": ["Please choose a password of at least 10 characters."]
    }
    long_enough = {"password": "şüşə qapılar", "password_confirm": "şüşə qapılar"}
    assert refused(InvitationForm(MultiDict(good | long_enough))) == {}
    assert list(refused(InvitationForm(MultiDict(good | long_enough | {"password_confirm": "other"})))) == [
        "password_confirm"
    ]
    assert sorted(refused(InvitationForm(MultiDict(long_enough)))) == ["email", "name"]


@pytest.mark.parametrize("reason", [code for code in Reason if code is not Reason.OTHER])
def test_a_decline_needs_a_reason_and_no_note(reason: Reason) -> None:
    assert problem("decline", reason=reason) is None
    assert problem("decline") == problem("decline", reason="law") == "Please choose a reason for declining."


@pytest.mark.parametrize("note", INVISIBLE)
def test_another_reason_needs_a_note_that_can_be_read(note: str) -> None:
    assert "needs a note" in str(problem("decline", reason="other", note=note))
    assert problem("decline", reason="other", note="It names a child.") is None
    assert problem("decline", reason="other", note="x" * 2_001) == "The note is too long."


@pytest.mark.parametrize("ground", Ground)
def test_removing_needs_a_ground(ground: Ground) -> None:
    assert problem("remove", ground=ground) is None
    assert problem("remove") == problem("remove", ground="hatred") == "Please choose a ground for removing."


def problem(action: str, **fields: str) -> str | None:
    """What a decision's form lacks."""
    form = DecisionForm(MultiDict(fields))
    form.validate()
    said = form.problem(action)
    return None if said is None else str(said)
