"""What may become of a tribute, cell by cell. The table is DESIGN.md's, written out by hand."""

from __future__ import annotations

import pytest

from tribute.domain.errors import IllegalAction
from tribute.domain.lifecycle import Action, Status, next_status, possible

# Each cell: the next status; "-" where DESIGN.md knows no such step. `*`: only where a revision waits, for else there
# is nothing to decide. `back`: the status that the log names as the one before.
TABLE = """
action    pending    approved   declined   spam       hidden     withdrawn  removed
submit    -          -          -          -          -          -          -
amend     pending    approved   pending    -          -          -          -
approve   approved*  approved*  -          -          -          -          -
decline   declined*  approved*  -          -          -          -          -
spam      spam*      approved*  -          -          -          -          -
redact    pending    approved   -          -          -          -          -
hide      -          hidden     -          -          -          -          -
restore   -          -          pending    pending    approved   -          -
undo      back       back       back       back       back       -          -
withdraw  withdrawn  withdrawn  withdrawn  withdrawn  withdrawn  -          -
return    -          -          -          -          -          back       -
remove    removed    removed    removed    removed    removed    removed    -
erase     -          -          -          -          -          removed    -
"""
HEAD, *ROWS = (line.split() for line in TABLE.strip().splitlines())
CELLS = [
    (status, row[0], waiting, outcome)
    for row in ROWS
    for status, outcome in zip(HEAD[1:], row[1:], strict=True)
    for waiting in (True, False)
]
BEFORE = Status.HIDDEN  # what UNDO and RETURN are told to go back to


def test_the_table_has_a_row_for_each_action_and_a_column_for_each_status() -> None:
    assert HEAD[1:] == [str(status) for status in Status]
    assert sorted(row[0] for row in ROWS) == sorted(str(action) for action in Action)


@pytest.mark.parametrize(("status", "action", "waiting", "outcome"), CELLS)
def test_each_step_leads_where_the_design_says_or_nowhere(
    status: str, action: str, waiting: bool, outcome: str
) -> None:
    before = BEFORE if action in ("undo", "return") else None
    if outcome == "-" or (outcome.endswith("*") and not waiting):
        with pytest.raises(IllegalAction) as refused:
            next_status(Status(status), Action(action), waiting=waiting, before=before)
        assert (refused.value.action, refused.value.status) == (action, status)
    else:
        expected = BEFORE if outcome == "back" else Status(outcome.removesuffix("*"))
        assert next_status(Status(status), Action(action), waiting=waiting, before=before) is expected


@pytest.mark.parametrize("action", [Action.UNDO, Action.RETURN])
@pytest.mark.parametrize("status", list(Status))
def test_nothing_goes_back_that_does_not_know_where_to(status: Status, action: Action) -> None:
    with pytest.raises(IllegalAction):
        next_status(status, action, waiting=True)


@pytest.mark.parametrize("status", list(Status))
@pytest.mark.parametrize("waiting", [True, False])
def test_what_the_desk_offers_is_what_the_table_allows(status: Status, waiting: bool) -> None:
    cells = [(action, end) for s, action, w, end in CELLS if (s, w) == (status, waiting) and end not in ("-", "back")]
    allowed = {action for action, outcome in cells if waiting or not outcome.endswith("*")}
    assert set(possible(status, waiting=waiting)) == allowed


def test_a_refused_step_says_what_was_tried_and_where_the_tribute_stands() -> None:
    assert str(IllegalAction(Action.HIDE, Status.PENDING)) == "hide is not possible while a tribute is pending"
