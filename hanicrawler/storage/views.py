"""The views: tables to read, for people who write SQL by hand.

Migrations make them; here they are described, for statements of ours and for
``docs/schema.md``.  Their metadata is not the tables', so that no migration takes them for such.
"""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa

from hanicrawler.storage.types import PlainText, UtcDateTime

VIEWS: Final = sa.MetaData()


def _view(name: str, comment: str, *columns: tuple[str, Any, str]) -> sa.Table:
    described = [sa.Column(column, kind, comment=meaning) for column, kind, meaning in columns]
    return sa.Table(name, VIEWS, *described, comment=comment)


ARTICLE_LIST: Final = _view(
    "article_list",
    "One row an article, its authors joined",
    ("id", sa.Integer, "articles.id"),
    ("edition", PlainText, "As in articles"),
    ("source_id", sa.Integer, "As in articles"),
    ("published_at", UtcDateTime, "As in articles"),
    ("modified_at", UtcDateTime, "As in articles"),
    ("section", PlainText, "As in articles"),
    ("section_name", PlainText, "As in articles"),
    ("label", PlainText, "As in articles"),
    ("headline", PlainText, "As in articles"),
    ("deck", PlainText, "As in articles"),
    ("authors", PlainText, "Names in printed order, parted by a semicolon; NULL for none"),
    ("url", PlainText, "As in articles"),
    ("revision", sa.Integer, "As in articles"),
    ("first_seen_at", UtcDateTime, "As in articles"),
    ("last_seen_at", UtcDateTime, "As in articles"),
    ("gone_at", UtcDateTime, "As in articles"),
    ("day", PlainText, "YYYY-MM-DD in Korea, of published_at"),
)

EDITS: Final = _view(
    "edits",
    "What the newspaper changed after publication: a version beside the one before it",
    ("article_id", sa.Integer, "articles.id"),
    ("edition", PlainText, "As in articles"),
    ("source_id", sa.Integer, "As in articles"),
    ("url", PlainText, "As in articles"),
    ("section", PlainText, "As in articles"),
    ("published_at", UtcDateTime, "As in articles"),
    ("number", sa.Integer, "As in revisions, of the later version; 2 or more"),
    ("seen_at", UtcDateTime, "UTC; when the later version was first seen"),
    ("silent", sa.Boolean, "As in revisions"),
    ("headline_before", PlainText, "Of the version before"),
    ("headline", PlainText, "Of the later version"),
    ("deck_before", PlainText, "Of the version before"),
    ("deck", PlainText, "Of the later version"),
    ("byline_before", PlainText, "Of the version before"),
    ("byline", PlainText, "Of the later version"),
    ("body_before", PlainText, "Of the version before"),
    ("body", PlainText, "Of the later version"),
)

TRANSLATIONS: Final = _view(
    "translations",
    "An English article that names its Korean original, side by side with it",
    ("english_id", sa.Integer, "articles.id of the English article"),
    ("english_source_id", sa.Integer, "Its source_id"),
    ("english_url", PlainText, "Its url"),
    ("english_published_at", UtcDateTime, "Its published_at"),
    ("english_headline", PlainText, "Its headline"),
    ("english_deck", PlainText, "Its deck"),
    ("english_body", PlainText, "Its body"),
    ("korean_id", sa.Integer, "articles.id of the original; NULL until it is stored"),
    ("korean_source_id", sa.Integer, "The original's source_id, as the English page names it"),
    ("korean_url", PlainText, "Its url"),
    ("korean_published_at", UtcDateTime, "Its published_at; NULL until it is stored"),
    ("korean_headline", PlainText, "Its headline; NULL until it is stored"),
    ("korean_deck", PlainText, "Its deck"),
    ("korean_body", PlainText, "Its body; NULL until it is stored"),
)

STORY_GRAPH: Final = _view(
    "story_graph",
    "Edges between articles: which related story an article names, with both headlines",
    ("article_id", sa.Integer, "articles.id of the article that names the story"),
    ("edition", PlainText, "Its edition"),
    ("source_id", sa.Integer, "Its source_id"),
    ("published_at", UtcDateTime, "Its published_at"),
    ("headline", PlainText, "Its headline"),
    ("position", sa.Integer, "As in related_stories"),
    ("related_id", sa.Integer, "articles.id of the story; NULL until it is stored"),
    ("related_edition", PlainText, "Its edition; NULL for a page that is no article of the site"),
    ("related_source_id", sa.Integer, "Its source_id; NULL likewise"),
    ("related_url", PlainText, "Where the link points"),
    ("related_published_at", UtcDateTime, "Its published_at; NULL until it is stored"),
    ("related_headline", PlainText, "Its own headline; NULL until it is stored"),
    ("link_headline", PlainText, "The link's words"),
)

RANKING_HISTORY: Final = _view(
    "ranking_history",
    "Every place of every ranking, and how long it stood",
    ("edition", PlainText, "As in most_viewed"),
    ("seen_at", UtcDateTime, "UTC; from when the ranking stood so"),
    ("replaced_at", UtcDateTime, "UTC; when the next ranking was seen; NULL for the newest"),
    ("position", sa.Integer, "As in most_viewed"),
    ("article_id", sa.Integer, "articles.id; NULL until the article is stored"),
    ("source_id", sa.Integer, "As in most_viewed"),
    ("url", PlainText, "As in most_viewed"),
    ("headline", PlainText, "The article's headline, or the link's words until it is stored"),
    ("section", PlainText, "The article's section; NULL until it is stored"),
    ("published_at", UtcDateTime, "The article's published_at; NULL until it is stored"),
)

COVERAGE_BY_DAY: Final = _view(
    "coverage_by_day",
    "What is known of each day and section: how many articles were named, fetched and stored",
    ("edition", PlainText, "As in articles"),
    ("section", PlainText, "The section's code; NULL where the address names none"),
    (
        "day",
        PlainText,
        "YYYY-MM-DD in Korea: of posting, else as listed, else when it was found; NULL where"
        " nobody printed one: a story that was only named beside others",
    ),
    ("listed", sa.Integer, "Articles that a list, a feed or a link named"),
    ("fetched", sa.Integer, "Those of them that were asked for, whatever came"),
    ("stored", sa.Integer, "Those that are in articles"),
    ("gone", sa.Integer, "Those the site last said are gone (404, 410)"),
    ("failed", sa.Integer, "Those that are not stored because they could not be had or read"),
    ("waiting", sa.Integer, "Those that a run has yet to fetch"),
)
