"""What people ask of the record, from Python: the reading that the command uses too."""

from hanicrawler.ask.archive import Archive, open_archive
from hanicrawler.ask.changes import Piece, changes
from hanicrawler.ask.errors import (
    AmbiguousAuthor,
    BadName,
    UnknownArticle,
    UnknownAuthor,
    UnknownVersion,
)
from hanicrawler.ask.marks import Mark
from hanicrawler.ask.search import Found, Hit
from hanicrawler.ask.versions import Version
from hanicrawler.storage import BadSearch, DatabaseError, Filters
from hanicrawler.storage.author_pages import Author, Cosigner, MonthCount, Post, SignedArticle
from hanicrawler.storage.counts import ArticleCount
from hanicrawler.storage.edits import Change, Edit
from hanicrawler.storage.paging import BadPlace, Page
from hanicrawler.storage.reading import FullArticle, Picture, RelatedStory, Signature
from hanicrawler.storage.signers import AuthorName, SectionCount, Signer
from hanicrawler.storage.snapshot import Snapshot
from hanicrawler.storage.standings import Career, RankedStory, Ranking, Stay
from hanicrawler.storage.story_graph import Story, StoryGraph, StoryLinkage
from hanicrawler.storage.streams import ArticleRecord, Chosen
from hanicrawler.storage.translations import Translation

__all__ = [
    "AmbiguousAuthor",
    "Archive",
    "ArticleCount",
    "ArticleRecord",
    "Author",
    "AuthorName",
    "BadName",
    "BadPlace",
    "BadSearch",
    "Career",
    "Change",
    "Chosen",
    "Cosigner",
    "DatabaseError",
    "Edit",
    "Filters",
    "Found",
    "FullArticle",
    "Hit",
    "Mark",
    "MonthCount",
    "Page",
    "Picture",
    "Piece",
    "Post",
    "RankedStory",
    "Ranking",
    "RelatedStory",
    "SectionCount",
    "Signature",
    "SignedArticle",
    "Signer",
    "Snapshot",
    "Stay",
    "Story",
    "StoryGraph",
    "StoryLinkage",
    "Translation",
    "UnknownArticle",
    "UnknownAuthor",
    "UnknownVersion",
    "Version",
    "changes",
    "open_archive",
]
