"""The stories around an article: as a tree, and as graphs that other programs read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest

from hanicrawler.items import StoryLink
from tests.storage.conftest import article_url, make

if TYPE_CHECKING:
    from tests.cli.conftest import Record, Run

NASTY = 'He said: "C:\\new\\" -> x; &lt; <b> AT&T \x00\x1b\x85'.replace("\x00", "")
NAMES = {1: [2, 3], 2: [3, 1], 3: [], 5: [1]}
"""Who names whom; 4 is named by nobody and 3 is not stored."""


def link(number: int) -> StoryLink:
    return StoryLink(
        url=article_url(number), headline=f"Link {number}", edition="en", source_id=number
    )


@pytest.fixture
def linked(record: Record) -> Record:
    elsewhere = StoryLink(url="https://elsewhere.example/a?b=1&c=2", headline=NASTY)
    articles = [
        make(n, headline=f"Story {n}", related=tuple(map(link, to))) for n, to in NAMES.items()
    ]
    articles[1] = make(2, headline=NASTY, related=(link(3), link(1), elsewhere))
    record.writer.write([one for one in articles if one.source_id != 3])
    return record


def test_a_tree_has_each_story_once(run: Run, linked: Record) -> None:
    found = run("related", "1", "--depth", "3", COLUMNS="200")

    assert (found.status, found.err) == (0, "")
    lines = [line.rstrip() for line in found.out.splitlines()]
    assert lines[0] == "1  2026-02-27  Story 1"
    assert lines[1].startswith("├── 2  2026-02-27  He said")
    assert lines[1].endswith("(names en:3, 1 too)")
    assert lines[2].startswith("│   └── https://elsewhere.example/a?b=1&c=2  He said")
    assert lines[2].endswith("not stored")
    assert lines[3:] == ["└── en:3  Link 3  not stored", "4 articles, 2 of them stored"]
    assert "\x1b" not in found.out
    assert "\x85" not in found.out


def test_those_that_name_it_stand_with_an_arrow(run: Run, linked: Record) -> None:
    assert "Story 5" not in run("related", "1").out
    assert "← 3  2026-02-27  Story 5" in run("related", "1", "--named-by").out


def test_a_graph_is_one_json_document(run: Run, linked: Record) -> None:
    found = run("related", "en:1", "--depth", "2", "--json").json

    assert (found["depth"], found["named_by"], found["complete"]) == (2, False, True)
    assert [story["key"] for story in found["stories"]] == [
        "en:1", "en:2", "en:3", "https://elsewhere.example/a?b=1&c=2"]  # fmt: skip
    assert found["stories"][1]["headline"] == NASTY
    assert {"source": "en:2", "target": "en:1", "position": 2} in found["edges"]


def test_graphviz_is_given_strings_that_are_whole(run: Run, linked: Record) -> None:
    found = run("related", "1", "--depth", "2", "--dot")

    assert (found.status, found.err) == (0, "")
    assert found.out.startswith("digraph related {\n")
    assert found.out.endswith("}\n")
    bare = re.sub(r'"(?:\\.|[^"\\])*"', "S", found.out)  # as Graphviz reads a string
    assert '"' not in bare
    assert bare.count("S -> S;") == 5
    assert set(re.findall(r"^  S \[(.*)\];$", bare, re.MULTILINE)) == {
        "label=S, URL=S, style=S",
        "label=S, URL=S",
    }
    assert r'label="He said: \"C:\\new\\\" -> x; &amp;lt; <b> AT&T' in found.out
    assert "\x1b" not in found.out


def test_graphml_is_valid_and_tells_all(run: Run, linked: Record) -> None:
    found = run("related", "1", "--depth", "2", "--graphml")

    root = ElementTree.fromstring(found.out.encode())
    xml = {"g": "http://graphml.graphdrawing.org/xmlns"}
    declared = {key.get("id") for key in root.findall("g:key", xml)}
    nodes = root.findall("g:graph/g:node", xml)
    said = [{d.get("key"): d.text for d in node.findall("g:data", xml)} for node in nodes]
    assert said[0] == {
        "key": "en:1", "article_id": "1", "edition": "en", "source_id": "1",
        "url": article_url(1), "headline": "Story 1",
        "published_at": "2026-02-27T12:00:00Z", "depth": "0"}  # fmt: skip
    assert said[1]["headline"] == NASTY.replace("\x1b", "\ufffd")
    assert said[3]["url"] == "https://elsewhere.example/a?b=1&c=2"
    assert "article_id" not in said[3]
    assert set().union(*said) <= declared
    ids = [node.get("id") for node in nodes]
    edges = root.findall("g:graph/g:edge", xml)
    assert len(edges) == 5
    assert {edge.get(end) for edge in edges for end in ("source", "target")} <= set(ids)
    assert not set("\x1b\x85") & set(found.out)


def test_a_graph_that_is_too_big_says_so_beside_it(
    run: Run, linked: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hanicrawler.ask.archive.Archive.related.__kwdefaults__",
                        {"named_by": False, "most": 2})  # fmt: skip

    found = run("related", "1", "--dot")

    assert found.status == 0
    assert found.err == "More stories are within 1 step: only 2 are shown.\n"
    assert not run("related", "1", "--json").json["complete"]
