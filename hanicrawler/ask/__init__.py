"""What people ask of the record, from Python: the reading that the command uses too."""

from hanicrawler.ask.archive import Archive, open_archive
from hanicrawler.ask.changes import Piece, changes
from hanicrawler.ask.errors import BadName, UnknownArticle, UnknownVersion
from hanicrawler.ask.marks import Mark
from hanicrawler.ask.search import Found, Hit
from hanicrawler.ask.versions import Version
from hanicrawler.storage import BadSearch, DatabaseError, Filters
from hanicrawler.storage.reading import FullArticle, Picture, RelatedStory, Signature
from hanicrawler.storage.snapshot import Snapshot
from hanicrawler.storage.story_graph import Story, StoryGraph, StoryLinkage
from hanicrawler.storage.streams import ArticleRecord, Chosen

__all__ = [
    "Archive",
    "ArticleRecord",
    "BadName",
    "BadSearch",
    "Chosen",
    "DatabaseError",
    "Filters",
    "Found",
    "FullArticle",
    "Hit",
    "Mark",
    "Picture",
    "Piece",
    "RelatedStory",
    "Signature",
    "Snapshot",
    "Story",
    "StoryGraph",
    "StoryLinkage",
    "UnknownArticle",
    "UnknownVersion",
    "Version",
    "changes",
    "open_archive",
]
