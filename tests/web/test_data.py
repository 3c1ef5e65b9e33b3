"""The data's own pages: what a table means, asking it in SQL, and the questions of the docs."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from urllib.parse import quote_plus

import pytest

from hanicrawler.storage import questions
from hanicrawler.storage.described import described
from hanicrawler.web import app
from tests.web.conftest import Get, pages_of

pytestmark = pytest.mark.slow  # its record is crawled
ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"


def test_the_datas_front_page_has_every_question_and_table(get: Get) -> None:
    got = get("/hanicrawler")

    for question in questions():
        assert question.title in got.words
        assert question.description in got.words
    for table in ("articles", "revisions", "article_list", "story_graph", "edits"):
        assert f"/hanicrawler/{table}" in got.links
    assert "One row an article, its authors joined" in got.words
    assert "https://" not in "".join(got.links)


@pytest.mark.parametrize("question", questions(), ids=lambda question: question.name)
def test_a_question_of_the_docs_is_answered_with_its_defaults(get: Get, question: object) -> None:
    name = question.name  # type: ignore[attr-defined]
    page = get(f"/hanicrawler/{name}")
    if page.status == 302:
        page = get(page.headers["location"])

    assert page.status == 200
    assert question.title in page.words  # type: ignore[attr-defined]
    assert " returning " in page.words, page.words
    assert "message-error" not in page.text


def test_a_tables_page_says_what_it_and_its_columns_mean(get: Get) -> None:
    got = get("/hanicrawler/article_list")

    assert "One row an article, its authors joined" in got.words
    for column in described("article_list").values():
        assert f"{column.name} {column.meaning}" in got.words
    assert "/hanicrawler/article_list?_facet=section" in got.links
    assert "/hanicrawler/articles?_facet_date=published_at" in get("/hanicrawler/articles").links


def test_a_table_is_narrowed_by_day_and_section(get: Get) -> None:
    got = get("/hanicrawler/articles.json?_facet_date=published_at&_facet=section&_size=1")

    facets = json.loads(got.text)["facet_results"]
    assert facets["section"]["results"][0]["value"] == "e_national"
    days = [each["value"] for each in facets["published_at"]["results"]]
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d", day) for day in days)
    assert len(days) > 10


@pytest.mark.parametrize("table", ["articles", "article_list", "edits", "images"])
def test_a_table_is_searched_as_the_archive_is(get: Get, table: str) -> None:
    whole = json.loads(get(f"/hanicrawler/{table}.json?_size=max").text)
    found = json.loads(get(f"/hanicrawler/{table}.json?_words=minis*+-zzz&_size=max").text)

    assert 0 < len(found["rows"]) <= len(whole["rows"])
    assert found["human_description_en"].startswith("where its article has minis* -zzz")
    assert json.loads(get(f"/hanicrawler/{table}.json?_words=zzz").text)["rows"] == []
    assert get(f"/hanicrawler/{table}?_words=%22").status == 400


def test_part_of_a_korean_word_is_found_in_a_table(get: Get) -> None:
    found = json.loads(
        get("/hanicrawler/articles.json?_words=%EB%A7%88%EC%A7%80&_shape=array").text
    )

    assert found
    assert all("마지막" in each["headline"] + each["body"] for each in found)


def test_an_article_is_linked_from_rows_that_name_it(get: Get) -> None:
    got = get("/hanicrawler/edits")

    assert any(link.startswith("/article/") for link in got.links)


@pytest.mark.parametrize(
    "sql",
    ["DELETE FROM articles", "DROP TABLE articles", "ATTACH 'x' AS y", "PRAGMA journal_mode=DELETE",
     "VACUUM INTO '/tmp/x'", "UPDATE articles SET headline = ''", "SELECT load_extension('x')",
     "WITH a AS (SELECT 1) DELETE FROM articles", "SELECT writefile('/tmp/x', 'y')"],
)  # fmt: skip
def test_nothing_can_be_written_in_sql(get: Get, crawled_file: Path, sql: str) -> None:
    before = crawled_file.read_bytes()

    got = get(f"/hanicrawler.json?sql={sql}")

    assert got.status == 400
    assert json.loads(got.text)["ok"] is False
    assert crawled_file.read_bytes() == before
    with closing(sqlite3.connect(crawled_file)) as connection:
        assert connection.execute("SELECT count(*) FROM articles").fetchone()[0] > 60


def test_the_file_itself_is_not_given_away(get: Get) -> None:
    assert get("/hanicrawler.db").status == 403


def test_a_question_without_an_end_is_ended(
    crawled_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.SETTINGS, "sql_time_limit_ms", 1000)
    with pages_of(crawled_file) as get:
        got = get(f"/hanicrawler?sql={quote_plus(ENDLESS)}")

        assert got.status == 400
        assert "SQL query took too long" in got.words
        assert "takes longer than 1 seconds is ended" in get("/hanicrawler").words


@pytest.mark.parametrize("sql", ["select randomblob(100000000)", "select hex(zeroblob(10000000))"])
def test_a_value_that_would_fill_the_memory_is_refused(get: Get, sql: str) -> None:
    got = get(f"/hanicrawler.json?sql={quote_plus(sql)}")

    assert got.status == 400
    assert json.loads(got.text)["error"] == "string or blob too big"


@pytest.mark.parametrize(
    "path",
    [
        "articles?_sort=nothing",
        "articles?_timelimit=x",
        "articles?_through=1",
        "articles?id__gt=99999999999999999999",
        "articles?id__gt=%C2%B2",
        "article_list?_next=x",
        "article_list?_next=99999999999999999999",
        "who-covers?_timelimit=x",
    ],
)
@pytest.mark.parametrize("form", ["", ".json"])
def test_an_address_that_datasette_cannot_read_is_no_failure_of_the_page(
    get: Get, path: str, form: str, caplog: pytest.LogCaptureFixture
) -> None:
    got = get("/hanicrawler/" + path.replace("?", f"{form}?"))

    assert got.status == 400
    assert not caplog.records


@pytest.mark.parametrize("folder", ["/paper/", "/-/static/"])
def test_a_file_with_an_endless_name_is_not_there(get: Get, folder: str) -> None:
    assert get(folder + "a" * 3000).status == 404


def test_what_is_wrong_with_a_question_is_not_said_to_the_terminal(
    get: Get, capfd: pytest.CaptureFixture[str]
) -> None:
    got = get("/hanicrawler?sql=select+%1B[31m")

    assert got.status == 400
    assert capfd.readouterr() == ("", "")


def test_tables_without_an_answer_are_not_offered(get: Get) -> None:
    workings = {"alembic_version", "search_due", "search_index", "search_texts"}
    shown = {link.rpartition("/")[2] for link in get("/hanicrawler").links}
    all_of_them = {link.rpartition("/")[2] for link in get("/hanicrawler?_show_hidden=1").links}

    assert not workings & shown
    assert workings <= all_of_them


def test_a_database_that_is_replaced_is_read_anew_and_a_missing_one_is_said(
    crawled_file: Path, empty: Callable[[], Path]
) -> None:
    file, other = empty(), empty()
    counted = "/hanicrawler.json?sql=select+count(*)+from+articles"
    with pages_of(file) as get:
        assert json.loads(get(counted).text)["rows"] == [[0]]

        with closing(sqlite3.connect(crawled_file)) as one, closing(sqlite3.connect(other)) as two:
            one.backup(two)
        other.replace(file)

        assert json.loads(get(counted).text)["rows"][0][0] > 60

        file.unlink()
        for path in (counted, "/hanicrawler", "/hanicrawler/articles", "/"):
            assert get(path).status == 503, path
