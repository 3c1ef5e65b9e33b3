"""The archive: a database of the record, opened for reading."""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Self

from hanicrawler.ask.authors import choose as choose_author
from hanicrawler.ask.authors import containing
from hanicrawler.ask.browsing import ALL, Browsing
from hanicrawler.ask.errors import UnknownArticle, UnknownVersion
from hanicrawler.ask.names import read_name
from hanicrawler.ask.versions import Version, compared
from hanicrawler.site import EDITIONS
from hanicrawler.storage import (
    Answer,
    Filters,
    Question,
    ask,
    database_url,
    open_read_only,
    questions,
)
from hanicrawler.storage.author_pages import articles_by, read_author
from hanicrawler.storage.counts import count_articles, newest_day
from hanicrawler.storage.edits import read_edits
from hanicrawler.storage.names import author_names, labels, section_codes
from hanicrawler.storage.reading import FullArticle, find_article, find_by_source, read_full
from hanicrawler.storage.signers import all_authors, list_signers
from hanicrawler.storage.snapshot import Snapshot, write_snapshot
from hanicrawler.storage.standings import DAY, read_career, read_rankings
from hanicrawler.storage.story_graph import MOST_STORIES, StoryGraph, walk_stories
from hanicrawler.storage.streams import ArticleRecord, Chosen, choose
from hanicrawler.storage.translations import read_translations
from hanicrawler.storage.versions import read_versions

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from datetime import date, datetime, timedelta
    from types import TracebackType

    from hanicrawler.storage.author_pages import Author, SignedArticle
    from hanicrawler.storage.counts import ArticleCount
    from hanicrawler.storage.days import Unit
    from hanicrawler.storage.edits import Edit
    from hanicrawler.storage.paging import Page
    from hanicrawler.storage.signers import Signer, SignerOrder
    from hanicrawler.storage.standings import Career, Ranking
    from hanicrawler.storage.translations import Translation


class Archive(Browsing):
    """A database of articles that is read and never changed.  Made by :func:`open_archive`.

    Usable as a context manager, from one thread at a time.  Every method raises DatabaseError
    where the database cannot be read.
    """

    def find(self, which: str | int) -> int:
        """Return ``articles.id`` of the article that *which* names.

        Args:
            which: That id itself, ``en:1218660`` (edition and the site's number), or the
                article's URL in any form of the site.

        Raises BadName (a ValueError) where *which* has none of these forms, and UnknownArticle
        (a LookupError) where no such article is stored; each is one line that says what to do.
        """
        name = read_name(which)
        if isinstance(name, int):
            if (found := find_article(self._engine, id_=name)) is None:
                raise UnknownArticle(self._no_row(name))
            return found
        if not (rows := find_by_source(self._engine, name.source_id, (name.edition,))):
            if not name.source_id:
                raise UnknownArticle(self._no_row(0))
            shown = f"{name.edition}:{name.source_id}"
            raise UnknownArticle(
                f"no article {shown} in {self.name}: fetch it with"
                f" scrapy crawl hani -a urls={name.url}"
            )
        return rows[0][0]

    def article(self, which: str | int, *, version: int | None = None) -> FullArticle:
        """Return the article that *which* names (as for :meth:`find`), whole.

        With *version*, in the words it had then: headline, deck, byline, body, the site's own
        time and the hash; the rest is as last seen.  Raises BadName, UnknownArticle, and
        UnknownVersion (a LookupError) where it never had such a version.
        """
        found = self.find(which)
        article = read_full(self._engine, found, version)
        if article is None:
            raise UnknownVersion(
                f"article {found} has no version {version}: hanicrawler history {found} lists them"
            )
        return article

    def related(
        self,
        which: str | int,
        depth: int = 1,
        *,
        named_by: bool = False,
        most: int = MOST_STORIES,
    ) -> StoryGraph:
        """Return the graph of related stories around the article that *which* names.

        Walked breadth first, each story once, from an article to the stories it names; a cycle
        is normal.

        Args:
            which: As for :meth:`find`.
            depth: How many steps are walked.
            named_by: Whether steps go to the articles that name one, too.
            most: How many stories the graph has at most; it says whether it is complete.

        Raises BadName and UnknownArticle; ValueError for a depth or a bound below 1.
        """
        if depth < 1 or most < 1:
            raise ValueError("depth and most are 1 or more")
        found = self.find(which)
        graph = walk_stories(self._engine, found, depth=depth, backwards=named_by, most=most)
        if graph is None:
            raise UnknownArticle(self._no_row(found))
        return graph

    def history(self, which: str | int) -> tuple[Version, ...]:
        """Return the versions of the article that *which* names (as for :meth:`find`).

        The oldest first, each with what changed against the one before, word by word.  Raises
        BadName and UnknownArticle.
        """
        return tuple(compared(read_versions(self._engine, self.find(which))))

    def sections(self) -> tuple[str, ...]:
        """Return the codes of the sections that have articles, in order."""
        return tuple(section_codes(self._engine))

    def labels(self) -> tuple[str, ...]:
        """Return the labels of the newest 2,000 articles, in order."""
        return tuple(labels(self._engine))

    def author_names(self, beginning: str = "") -> tuple[str, ...]:
        """Return the names of authors that begin so, in any case; in order, at most 200."""
        return tuple(author_names(self._engine, beginning))

    def authors(
        self,
        filters: Filters | None = None,
        *,
        match: str | None = None,
        order: SignerOrder = "articles",
        limit: int = 20,
    ) -> tuple[Signer, ...]:
        """Return who signed the articles that *filters* choose, and what.

        Args:
            filters: Which articles; all without it.
            match: Part of a name, in any case; hyphens and spaces do not count.
            order: ``articles`` (the most first), ``name``, or ``newest`` (who signed last first).
            limit: How many at most.
        """
        among = None
        if match is not None:
            names = containing(all_authors(self._engine), match)
            among = [each.id for each in names]
        return tuple(list_signers(self._engine, filters, among=among, order=order, limit=limit))

    def author(
        self, name: str, *, language: str | None = None, filters: Filters | None = None
    ) -> Author:
        """Return what the articles say of an author: sections, posts, co-signers, months.

        Args:
            name: As printed; in another case, or with a hyphen or a space too many or too few,
                it is found as well.
            language: The script of the name, ``en`` or ``ko``, where both are known.
            filters: Which articles count; all without it.

        Raises UnknownAuthor, which has names that are near, and AmbiguousAuthor, which lists who
        may be meant; both are LookupErrors of one line.
        """
        meant = choose_author(all_authors(self._engine), name, language)
        return read_author(self._engine, meant, filters)

    def articles_by(
        self,
        author: Author | int,
        filters: Filters | None = None,
        *,
        limit: int = 20,
        after: str | None = None,
    ) -> Page[SignedArticle]:
        """Return articles that an author (or ``authors.id``) signed, the newest first.

        *after* is what the page before gave as ``next``; BadPlace (a ValueError) is raised for
        anything else.
        """
        number = author if isinstance(author, int) else author.id
        return articles_by(self._engine, number, filters, limit=limit, after=after)

    def edits(
        self,
        filters: Filters | None = None,
        *,
        silent: bool | None = None,
        since: date | None = None,
        until: date | None = None,
        limit: int = 20,
        after: str | None = None,
    ) -> Page[Edit]:
        """Return what the newspaper changed after publication, silent edits first.

        Both kinds the newest first.  :func:`changes` shows a change word by word.

        Args:
            filters: Which articles; all without it.
            silent: Only silent edits, or only those whose time the site tells; both without it.
            since: The first Korean day on which an edit was seen.
            until: The last one.
            limit: How many at most.
            after: What the page before gave as ``next``.

        Raises BadPlace (a ValueError) for an *after* that no page gave.
        """
        return read_edits(
            self._engine,
            filters,
            silent=silent,
            since=since,
            until=until,
            limit=limit,
            after=after,
        )

    def rankings(
        self,
        editions: Collection[str] = (),
        *,
        at: datetime | None = None,
        back: timedelta = DAY,
    ) -> tuple[Ranking, ...]:
        """Return the most viewed articles of each edition, and how their places moved.

        Args:
            editions: ``en``, ``ko``, ``ja``, ``zh``; all without it.
            at: The moment (aware) for which the ranking is asked; the latest without it.
            back: How long before that ranking the one stood with which it is compared.
        """
        return tuple(read_rankings(self._engine, editions, at=at, back=back))

    def ranking_history(self, which: str | int) -> Career:
        """Return the places that an article had among the most viewed, over time.

        *which* is as for :meth:`find`; an article that is not stored has one too, once a ranking
        named it.  Raises BadName, and UnknownArticle where neither is so.
        """
        name = read_name(which)
        if isinstance(name, int):
            career = read_career(self._engine, article_id=self.find(name))
        else:
            career = read_career(self._engine, key=name.key)
        if career is None:
            raise UnknownArticle(f"no article {which} in {self.name}, nor in a ranking there")
        return career

    def article_counts(
        self, by: Unit = "day", filters: Filters | None = None
    ) -> tuple[ArticleCount, ...]:
        """Return how many articles were published, by section and ``day``, ``week``, ``month``...

        Days are Korean, weeks begin on Monday, the earliest stands first, and one without any is
        left out.  *filters* choose the articles, ``since`` and ``until`` among them.
        """
        return tuple(count_articles(self._engine, by, filters))

    def newest_day(self, filters: Filters | None = None) -> date | None:
        """Return the last Korean day on which articles were published; None without any."""
        return newest_day(self._engine, filters)

    def translations(
        self,
        filters: Filters | None = None,
        *,
        missing: bool | None = None,
        limit: int = 20,
        after: str | None = None,
    ) -> Page[Translation]:
        """Return English articles beside their Korean originals, the newest first.

        Args:
            filters: Which English articles; all without it.
            missing: Only those whose original is not stored, or only the others; both without it.
            limit: How many at most.
            after: What the page before gave as ``next``.

        Raises BadPlace (a ValueError) for an *after* that no page gave.
        """
        return read_translations(self._engine, filters, missing=missing, limit=limit, after=after)

    @property
    def file(self) -> Path | None:
        """The SQLite file it is; None for PostgreSQL."""
        return Path(self.name) if self._engine.dialect.name == "sqlite" else None

    def articles(
        self,
        filters: Filters = ALL,
        *,
        words: str | None = None,
        every_version: bool = False,
    ) -> Iterator[ArticleRecord]:
        """Give the articles that *filters* ask for, with all that belongs to them, by ``id``.

        With *words* those that :meth:`search` finds by them; with *every_version* each version,
        from the first.  However many there are, only some hundreds are in memory at once.  All
        are of one state of the database: a transaction stays open until the last is given or the
        iterator is closed.  Raises BadSearch.
        """
        with self.choose(filters, words=words) as chosen:
            yield from chosen.articles(every_version=every_version)

    @contextmanager
    def choose(self, filters: Filters = ALL, *, words: str | None = None) -> Iterator[Chosen]:
        """Give the articles that :meth:`articles` gives, to be counted and read in one view."""
        with choose(self._engine, filters, words=words) as chosen:
            yield chosen

    def snapshot(
        self,
        file: str | Path,
        filters: Filters = ALL,
        *,
        words: str | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> Snapshot:
        """Write the archive into a new SQLite *file*, or what *filters* and *words* ask for.

        The file does not exist or is empty.  With filters it has the articles chosen and what
        belongs to them; of the crawler's memory only their pages.  *progress* is told how much
        is done of how much.
        """
        return write_snapshot(self._engine, Path(file), filters, words=words, progress=progress)

    def _no_row(self, number: int) -> str:
        """Say that no article has the id *number*; it may be the site's number of one."""
        named = find_by_source(self._engine, number, EDITIONS)
        if named:
            meant = " or ".join(f"{edition}:{number}" for _, edition in named)
            return f"no article {number} in {self.name}; as the site's number, write {meant}"
        shown = number or "with such a number"
        return f"no article {shown} in {self.name}: hanicrawler search finds what is stored"

    def questions(self) -> tuple[Question, ...]:
        """Return the questions of ``docs/querying.md``, each to be asked by its name."""
        return questions()

    def ask(self, name: str, **parameters: object) -> Answer:
        """Return the answer to one of :meth:`questions`: its columns and its rows.

        ``archive.ask("who-covers", section="e_northkorea", since="2024-06-01").rows`` is a tuple
        of dicts; *parameters* take the place of the question's defaults.

        Raises WrongQuestion (a ValueError) where the question, a parameter or the form of a
        value is not known.
        """
        return ask(self._engine, name, parameters)

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


def open_archive(database: str | Path | None = None) -> Archive:
    """Return the archive in *database*, for reading.

    Args:
        database: A path of an SQLite file or a database URL; without it what
            ``HANICRAWLER_DATABASE`` names, or ``hanicrawler.db`` in the working folder.

    Raises DatabaseError, in one line that says what to do, where the database is missing, empty,
    older or newer than this code.
    """
    named = os.environ.get("HANICRAWLER_DATABASE") if database is None else str(database)
    return Archive(open_read_only(database_url(named)))
