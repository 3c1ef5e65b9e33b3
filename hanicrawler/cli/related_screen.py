"""The graph of stories as a tree: each story once, where it is nearest."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from rich.text import Text
from rich.tree import Tree

from hanicrawler.cli.screen import console, kst, many, paged, plain

if TYPE_CHECKING:
    from hanicrawler.ask import Story, StoryGraph

BACKWARDS = "\u2190 "
"""Stands before a story that names the one above it."""


def show(graph: StoryGraph) -> None:
    """Print *graph* as a tree, then how many stories there are."""
    out = console()
    stories = {story.key: story for story in graph.stories}
    # The first edge by which a story was reached is the first of the walk's: that is its branch.
    also: defaultdict[str, list[str]] = defaultdict(list)
    parents: dict[str, tuple[str, bool]] = {}
    for edge in graph.edges:
        source, target = stories[edge.source], stories[edge.target]
        if target.depth == source.depth + 1 and target.key not in parents:
            parents[target.key] = (source.key, False)
        elif source.depth == target.depth + 1 and source.key not in parents:
            parents[source.key] = (target.key, True)
        else:
            also[source.key].append(_number(target))
    trees: dict[str, Tree] = {}
    for story in graph.stories:
        if story.key not in parents:
            trees[story.key] = Tree(_label(story, also[story.key], backwards=False))
            continue
        parent, backwards = parents[story.key]
        trees[story.key] = trees[parent].add(_label(story, also[story.key], backwards=backwards))
    with paged(out):
        out.print(trees[graph.root.key])
        stored = sum(story.id is not None for story in graph.stories)
        words = f"{many(len(graph.stories), 'article')}, {stored:,} of them stored"
        out.print(Text(words, style="dim"))


def _label(story: Story, also: list[str], *, backwards: bool) -> Text:
    label = Text(BACKWARDS if backwards else "", style="dim")
    label.append(f"{_number(story)}  ", style="cyan not dim")
    if story.published_at:
        label.append(f"{kst(story.published_at)[:10]}  ", style="not dim")
    label.append(plain(story.headline or story.url), style="not dim")
    if story.id is None:
        label.append("  not stored", style="yellow not dim")
    if also:
        label.append(f"  (names {', '.join(also)} too)")
    return label


def _number(story: Story) -> str:
    return str(story.id) if story.id is not None else plain(story.key)
