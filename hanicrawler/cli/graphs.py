"""The graph of stories in the forms that other programs read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree

from hanicrawler.cli.screen import UNSEEN, iso, plain

if TYPE_CHECKING:
    from hanicrawler.ask import Story, StoryGraph

_NAMESPACE: Final = "http://graphml.graphdrawing.org/xmlns"
_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot hold, not even escaped."""
_ENTITY: Final = re.compile(r"&(?=#?\w+;)")
_SHOWN: Final = 60
"""Characters of a headline in a box of Graphviz."""

_OF_STORY: Final = {
    "key": "string",
    "article_id": "int",
    "edition": "string",
    "source_id": "int",
    "url": "string",
    "headline": "string",
    "published_at": "string",
    "depth": "int",
}


def dot(graph: StoryGraph) -> str:
    """Return *graph* in the language of Graphviz; stories that are not stored are dashed."""
    lines = ["digraph related {", '  node [shape=box, fontname="sans-serif"];']
    for story in graph.stories:
        words = story.headline or story.url
        label = f"{words[:_SHOWN]}..." if len(words) > _SHOWN else words
        style = ', style="dashed"' if story.id is None else ""
        if story is graph.root:
            style = ', style="bold"'
        about = f"label={_quoted(label)}, URL={_quoted(story.url)}{style}"
        lines.append(f"  {_quoted(story.key)} [{about}];")
    for edge in graph.edges:
        lines.append(f"  {_quoted(edge.source)} -> {_quoted(edge.target)};")
    return "\n".join([*lines, "}", ""])


def _quoted(text: str) -> str:
    """Return *text* as a string of Graphviz that shows it as it is.

    A backslash would begin an escape, an ampersand may begin an entity of HTML.
    """
    escaped = plain(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{_ENTITY.sub("&amp;", escaped)}"'


def graphml(graph: StoryGraph) -> str:
    """Return *graph* as GraphML, all that is known of each story in attributes of its node."""
    root = ElementTree.Element("graphml", {"xmlns": _NAMESPACE})
    for name, kind in _OF_STORY.items():
        _attribute(root, "node", name, kind)
    _attribute(root, "edge", "position", "int")
    drawn = ElementTree.SubElement(root, "graph", {"id": "related", "edgedefault": "directed"})
    # Not the keys of the stories: an id has no slash in it, which a URL has.
    ids = {story.key: f"n{number}" for number, story in enumerate(graph.stories)}
    for story in graph.stories:
        node = ElementTree.SubElement(drawn, "node", {"id": ids[story.key]})
        for name, value in _about(story).items():
            if value is not None:
                _data(node, name, value)
    for number, edge in enumerate(graph.edges):
        ends = {"source": ids[edge.source], "target": ids[edge.target]}
        _data(
            ElementTree.SubElement(drawn, "edge", {"id": f"e{number}"} | ends),
            "position",
            edge.position,
        )
    ElementTree.indent(root)
    text = ElementTree.tostring(root, encoding="unicode")
    text = UNSEEN.sub(lambda found: f"&#{ord(found[0])};", text)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _about(story: Story) -> dict[str, object]:
    return {
        "key": story.key,
        "article_id": story.id,
        "edition": story.edition,
        "source_id": story.source_id,
        "url": story.url,
        "headline": story.headline,
        "published_at": iso(story.published_at),
        "depth": story.depth,
    }


def _attribute(root: ElementTree.Element, of: str, name: str, kind: str) -> None:
    about = {"id": name, "for": of, "attr.name": name, "attr.type": kind}
    ElementTree.SubElement(root, "key", about)


def _data(element: ElementTree.Element, name: str, value: object) -> None:
    ElementTree.SubElement(element, "data", {"key": name}).text = _NOT_XML.sub("\ufffd", str(value))
