"""The tables; no behaviour beyond a row's own."""

from tribute.models.base import Base, begin_write, insert
from tribute.models.decision import IS_JUDGEMENT, Decision, LogHead, Note
from tribute.models.memorial import Article, Memorial, Page
from tribute.models.person import Case, Invitation, Person
from tribute.models.search import ArticleEntry, DeskEntry, DeskVocabulary, Rebuilding, TributeEntry, Vocabulary
from tribute.models.triage import Gram, Learnt, ListedWord, Safeguard, Sketch, Triage
from tribute.models.tribute import Revision, Tribute, TributeCount

__all__ = [
    "IS_JUDGEMENT", "Article", "ArticleEntry", "Base", "Case", "Decision", "DeskEntry", "DeskVocabulary", "Gram",
    "Invitation", "Learnt", "ListedWord", "LogHead", "Memorial", "Note", "Page", "Person", "Rebuilding", "Revision",
    "Safeguard", "Sketch", "Triage", "Tribute", "TributeCount", "TributeEntry", "Vocabulary", "begin_write", "insert",
]  # fmt: skip
