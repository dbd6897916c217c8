"""The tables; no behaviour beyond a row's own."""

from tribute.models.base import Base, add_to, begin_looking, begin_reading, begin_write, count_in, insert, inserts
from tribute.models.decision import IS_JUDGEMENT, Decision, LogHead, Note
from tribute.models.desk import Batch, BatchRow, Claim, Opinion, Report, Sender, Setting, Tally
from tribute.models.edition import TextVersion, Turnover, may_be_found
from tribute.models.last_done import LastDone
from tribute.models.memorial import Article, Memorial, Page, renew_version, tells_only_of_more
from tribute.models.message import IS_UNDER_WAY, Message, StoppedAddress, UsedLink
from tribute.models.person import Case, EndedSession, Invitation, Passkey, Person
from tribute.models.search import ArticleEntry, DeskEntry, DeskVocabulary, Rebuilding, TributeEntry, Vocabulary
from tribute.models.standing import stands
from tribute.models.triage import Gram, Learnt, ListedWord, Safeguard, Sketch, Triage
from tribute.models.tribute import Revision, Tribute, TributeCount

__all__ = [
    "IS_JUDGEMENT", "IS_UNDER_WAY", "Article", "ArticleEntry", "Base", "Batch", "BatchRow", "Case", "Claim", "Decision",
    "DeskEntry", "DeskVocabulary", "EndedSession", "Gram", "Invitation", "LastDone", "Learnt", "ListedWord", "LogHead",
    "Memorial", "Message", "Note", "Opinion", "Page", "Passkey", "Person", "Rebuilding", "Report", "Revision",
    "Safeguard", "Sender", "Setting", "Sketch", "StoppedAddress", "Tally", "TextVersion", "Triage", "Tribute",
    "TributeCount", "TributeEntry", "Turnover", "UsedLink", "Vocabulary", "add_to", "begin_looking", "begin_reading",
    "begin_write", "count_in", "insert", "inserts", "may_be_found", "renew_version", "stands", "tells_only_of_more",
]  # fmt: skip
