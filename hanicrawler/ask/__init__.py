"""What people ask of the record, from Python: the reading that the command uses too."""

from hanicrawler.ask.archive import Archive, open_archive
from hanicrawler.ask.changes import Piece, changes
from hanicrawler.ask.errors import BadName, UnknownArticle, UnknownVersion
from hanicrawler.ask.marks import Mark
from hanicrawler.ask.search import Found, Hit
from hanicrawler.ask.versions import Version
from hanicrawler.storage import Answer, BadSearch, DatabaseError, Filters, Question, WrongQuestion
from hanicrawler.storage.reading import FullArticle, Picture, RelatedStory, Signature
from hanicrawler.storage.story_graph import Story, StoryGraph, StoryLinkage

__all__ = [
    "Answer",
    "Archive",
    "BadName",
    "BadSearch",
    "DatabaseError",
    "Filters",
    "Found",
    "FullArticle",
    "Hit",
    "Mark",
    "Picture",
    "Piece",
    "Question",
    "RelatedStory",
    "Signature",
    "Story",
    "StoryGraph",
    "StoryLinkage",
    "UnknownArticle",
    "UnknownVersion",
    "Version",
    "WrongQuestion",
    "changes",
    "open_archive",
]
