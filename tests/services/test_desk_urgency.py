"""The queue by what triage made of the words: who may need help first, what is likely spam last."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import event, select, text
from sqlalchemy.orm import Session

from tests.services.acts import AT, EMAIL_KEYS, MODERATOR, decided, filled_in, memorial, sent, standing, step
from tribute.domain import ids
from tribute.domain.lifecycle import Action, Status
from tribute.domain.verdict import Verdict
from tribute.models import Revision, Tribute
from tribute.services import authors, desk, tributes
from tribute.services.desk import QUEUE_SIZE, Listed, Queue
from tribute.services.tributes import Written
from tribute.triage.signals import Signal
from tribute.triage.weighing import Weighed

LATER = AT + timedelta(hours=1)
SIGNAL = Signal("links", "spam", 0.6, ("2",))


def weighed(session: Session, verdict: Verdict, minute: int = 0, words: str = "Words.", *signals: Signal) -> Tribute:
    """A tribute that waits with a verdict, sent at that minute."""
    at = AT + timedelta(minutes=minute)
    key = f"{verdict} {minute}".encode()
    given = Weighed(verdict, signals)
    return authors.submit(session, memorial(session), filled_in(words=words), key, at, EMAIL_KEYS, given)


def queue(
    session: Session, before: str | None = None, after: str | None = None, language: str = "", verdict: str = ""
) -> Queue:
    """A page of what waits."""
    cursors = [ids.decode(cursor) if cursor else None for cursor in (before, after)]
    return desk.queue(session, MODERATOR, Listed(language=language, verdict=verdict), *cursors)


def listed(queue: Queue) -> list[str]:
    """The tributes on a page, in order."""
    return [item.public_id for item in queue.items]


def mixed(session: Session, each: int) -> list[str]:
    """So many of three verdicts, sent in turn; their ids in the order of the queue."""
    order = (Verdict.SPAM, Verdict.ORDINARY, Verdict.HELP)
    made = {
        verdict: [weighed(session, verdict, 3 * number + place).public_id for number in range(each)]
        for place, verdict in enumerate(order)
    }
    return made[Verdict.HELP] + made[Verdict.ORDINARY] + made[Verdict.SPAM]


def test_the_verdicts_order_the_queue_and_the_oldest_of_each_comes_first(session: Session) -> None:
    made = [weighed(session, verdict, minute) for minute, verdict in enumerate([*list(Verdict)[::-1], *Verdict])]
    expected = sorted(made, key=lambda tribute: (tribute.urgency, tribute.id))
    page = queue(session)
    assert listed(page) == [tribute.public_id for tribute in expected]
    assert [item.verdict for item in page.items] == [verdict for verdict in Verdict for _ in range(2)]
    assert desk.oldest_waiting(session) == AT


def test_pages_cover_three_verdicts_once_in_both_ways(session: Session) -> None:
    expected = mixed(session, QUEUE_SIZE - 4)
    pages = [queue(session)]
    while pages[-1].newer:
        pages.append(queue(session, after=pages[-1].newer))
    assert [public_id for page in pages for public_id in listed(page)] == expected
    assert [len(page.items) for page in pages] == [QUEUE_SIZE, QUEUE_SIZE, len(expected) - 2 * QUEUE_SIZE]
    assert pages[0].older is None
    for page, one_before in zip(pages[:0:-1], pages[-2::-1], strict=True):
        assert listed(queue(session, before=page.older)) == listed(one_before)


def test_a_page_begins_where_it_did_when_the_one_at_its_edge_was_decided(session: Session) -> None:
    expected = mixed(session, QUEUE_SIZE - 4)
    first = queue(session)
    second = listed(queue(session, after=first.newer))
    for action, public_id in ((Action.APPROVE, first.items[-1].public_id), (Action.SPAM, second[0])):
        decided(session, tributes.by_id(session, ids.decode(public_id)), action, LATER)
    again = queue(session, after=first.newer)
    assert listed(again) == expected[QUEUE_SIZE + 1 : 2 * QUEUE_SIZE + 1]
    assert listed(queue(session, before=again.older)) == [*expected[: QUEUE_SIZE - 1]]


def test_an_edge_that_nobody_weighed_counts_as_ordinary(session: Session) -> None:
    help_, ordinary, spam = (weighed(session, verdict) for verdict in (Verdict.HELP, Verdict.ORDINARY, Verdict.SPAM))
    nowhere = ids.encode(ids.new_id(AT - timedelta(days=1)))
    assert listed(queue(session, after=nowhere)) == [ordinary.public_id, spam.public_id]
    assert listed(queue(session, before=nowhere)) == [help_.public_id]


def test_one_verdict_can_be_read_alone_page_by_page_and_in_one_language(session: Session) -> None:
    made = [weighed(session, Verdict.SPAM, minute).public_id for minute in range(QUEUE_SIZE + 2)]
    weighed(session, Verdict.HELP)
    azerbaijani = weighed(session, Verdict.SPAM, 90, "Şəhidlərimizi heç vaxt unutmarıq.").public_id
    first = queue(session, verdict="spam")
    second = queue(session, after=first.newer, verdict="spam")
    assert listed(first) + listed(second) == [*made, azerbaijani]
    assert (first.older, second.newer) == (None, None)
    assert listed(queue(session, before=second.older, verdict="spam")) == listed(first)
    assert listed(queue(session, language="az", verdict="spam")) == [azerbaijani]
    assert listed(queue(session, language="az", verdict="help")) == listed(queue(session, verdict="hateful")) == []


def test_each_verdict_is_counted_with_what_may_be_decided_alone(session: Session) -> None:
    assert desk.verdict_counts(session) == {}
    for minute, verdict in enumerate([Verdict.SPAM, Verdict.SPAM, Verdict.HELP, Verdict.SPAM]):
        weighed(session, verdict, minute)
    weighed(session, Verdict.HATEFUL, 5, "Şəhidlərimizi heç vaxt unutmarıq.")
    decided(session, weighed(session, Verdict.LOOK_CLOSER, 6), Action.DECLINE, LATER, reason="off_topic")
    step(session, weighed(session, Verdict.LOOK_CLOSER, 7), Action.WITHDRAW, LATER)
    assert desk.verdict_counts(session) == {Verdict.HELP: 1, Verdict.HATEFUL: 1, Verdict.SPAM: 3}
    assert desk.verdict_counts(session, "az") == {Verdict.HATEFUL: 1}
    assert desk.verdict_counts(session, most=1) == {Verdict.HELP: 1, Verdict.HATEFUL: 1, Verdict.SPAM: 2}


def test_new_words_stand_by_their_own_verdict_beside_ordinary_public_ones(session: Session) -> None:
    tribute = standing(session, Status.APPROVED)
    written = Written("Daniel M.", "Leeds", "Other words.", "en")
    authors.amend(session, tribute, LATER, tribute.version, written, Weighed(Verdict.SPAM, (SIGNAL,)))
    plain = sent(session, LATER + timedelta(minutes=1))
    page = queue(session)
    assert listed(page) == [plain.public_id, tribute.public_id]
    assert [(item.verdict, item.signals) for item in page.items] == [
        (Verdict.ORDINARY, ()), (Verdict.SPAM, (("links", "2"),)),
    ]  # fmt: skip


def test_what_was_decided_shows_no_verdict_any_more_and_shows_it_again_when_it_is_put_back(session: Session) -> None:
    tribute = weighed(session, Verdict.SPAM, 0, "Words.", SIGNAL)
    decided(session, tribute, Action.SPAM, LATER)
    (card,) = desk.queue(session, MODERATOR, Listed(Status.SPAM)).items
    assert (card.verdict, card.signals) == (Verdict.ORDINARY, ())
    decided(session, tribute, Action.RESTORE, LATER + timedelta(hours=1))
    (card,) = queue(session).items
    assert (card.verdict, card.signals) == (Verdict.SPAM, (("links", "2"),))


def test_the_words_of_cards_are_found_by_their_keys(session: Session) -> None:
    weighed(session, Verdict.ORDINARY)
    said: list[tuple[str, object]] = []
    event.listen(session.connection(), "before_cursor_execute", lambda *args: said.append((args[2], args[3])))
    assert len(listed(queue(session))) == 1
    ((statement, parameters),) = [each for each in said if "FROM revision" in each[0]]
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    if not is_sqlite:
        session.execute(text("SET LOCAL enable_seqscan = off"))
    asked = f"EXPLAIN {'QUERY PLAN ' if is_sqlite else ''}{statement}"
    plan = session.connection().exec_driver_sql(asked, parameters)  # type: ignore[arg-type]
    told = " ".join(str(row[3] if is_sqlite else row[0]) for row in plan)
    assert ("SEARCH revision USING INTEGER PRIMARY KEY" if is_sqlite else "pk_revision") in told
    assert "Seq Scan" not in told


def test_a_page_is_read_along_the_queues_index(session: Session) -> None:
    middle = weighed(session, Verdict.LOOK_CLOSER, 1)
    edge = ids.encode(session.scalars(select(Revision.id).where(Revision.tribute_id == middle.id)).one())
    said: list[tuple[str, object]] = []
    event.listen(session.connection(), "before_cursor_execute", lambda *args: said.append((args[2], args[3])))
    assert listed(queue(session, after=edge)) == []
    statement, parameters = next(each for each in said if "ORDER BY tribute.urgency" in each[0])
    if session.get_bind().dialect.name == "sqlite":
        plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)  # type: ignore[arg-type]
        told = " ".join(row[3] for row in plan)
        assert "ix_tribute_queue ((urgency,waiting_revision_id)>(?,?))" in told
        assert "TEMP B-TREE" not in told
    else:
        session.execute(text("SET LOCAL enable_seqscan = off"))
        session.execute(text("SET LOCAL enable_sort = off"))
        plan = session.connection().exec_driver_sql(f"EXPLAIN {statement}", parameters)  # type: ignore[arg-type]
        told = " ".join(row[0] for row in plan)
        assert "Index Scan using ix_tribute_queue" in told
        assert "Index Cond: (ROW(urgency, waiting_revision_id) > ROW(" in told
