"""The tree of a cell, on the network of `small_network`, and where a sum is long."""

from __future__ import annotations

import numpy as np
import pytest
from small_network import small_history
from staged import playing, position, shown

from stepgrad.engine.graph import Graph
from stepgrad.engine.op import Spec
from stepgrad.engine.ops.linear import Linear
from stepgrad.engine.run import Run
from stepgrad.scenarios.lesson import open_lesson
from stepgrad.tui.line import plain
from stepgrad.tui.screens.tree import TreeScreen
from stepgrad.tui.tree import PAGE, WHOLE, Branch, More, Tree


@pytest.fixture
def tree() -> Tree:
    """s[0,0] = r[0,0] + x[0,0]; r reads a; a reads two cells of x and two of w."""
    return Tree(small_history().run(0), ("s", (0, 0)))


def cells(tree: Tree) -> list[object]:
    return [row.cell if isinstance(row, Branch) else "more" for row in tree.rows]


def test_a_tree_opens_level_by_level(tree: Tree) -> None:
    assert cells(tree) == [("s", (0, 0)), ("r", (0, 0)), ("x", (0, 0))]
    tree.open(tree.rows[1])
    tree.open(tree.rows[2])
    assert cells(tree)[2:7] == [("a", (0, 0)), ("x", (0, 0)), ("w", (0, 0)), ("x", (0, 1)), ("w", (0, 1))]
    assert [row.depth for row in tree.rows] == [0, 1, 2, 3, 3, 3, 3, 1]
    assert tree.close(tree.rows[3]) is tree.rows[2], "what is closed already closes what holds it"
    assert cells(tree) == [("s", (0, 0)), ("r", (0, 0)), ("a", (0, 0)), ("x", (0, 0))]


def test_what_is_given_leads_nowhere(tree: Tree) -> None:
    row = tree.rows[2]
    assert isinstance(row, Branch)
    assert not tree.leads(row)
    tree.open(row)
    assert len(tree.rows) == 3


def test_all_of_it_goes_down_to_what_is_given(tree: Tree) -> None:
    assert tree.open_all(tree.root)
    ends = [row.cell[0] for row in tree.rows if isinstance(row, Branch) and not row.is_open]
    assert ends == ["x", "w", "x", "w", "x"]


def test_the_other_way_it_shows_what_a_cell_goes_into() -> None:
    found = cells(Tree(small_history().run(0), ("w", (0, 1)), "feeds"))
    assert set(found[1:]) == {("a", (0, 0)), ("x.grad.1", (0, 1)), ("w.new", (0, 1))}


def test_what_nothing_reads_leads_nowhere() -> None:
    """The slope of the loss reads its shape alone: none of its cells."""
    tree = Tree(small_history().run(0), ("loss", (0, 0)), "feeds")
    assert tree.run.graph.readers("loss")
    assert cells(tree) == [("loss", (0, 0))]
    assert not tree.leads(tree.root)


def test_a_long_sum_is_shown_a_page_at_a_time() -> None:
    graph, size = Graph(), 100_000
    graph.source("x", Spec((1, size)), "input")
    graph.source("w", Spec((1, size)), "parameter")
    graph.add("y", Linear(), "x", "w")
    run = Run(graph.check(), {"x": np.ones((1, size)), "w": np.ones((1, size))})
    tree = Tree(run, ("y", (0, 0)))
    assert tree.root.ahead == ("x", (0, PAGE // 2)), "no more is looked up than is shown, and one to know of more"
    assert len(tree.rows) == 1 + PAGE + 1
    more = tree.rows[-1]
    assert isinstance(more, More)
    tree.open(more)
    assert len(tree.rows) == 1 + 2 * PAGE + 1
    assert cells(tree)[PAGE + 1] == ("x", (0, PAGE // 2))
    assert not tree.open_all(tree.root)
    assert len(tree.rows) <= WHOLE + PAGE + 2


async def test_the_screen_goes_down_the_tree_and_to_a_step() -> None:
    lesson = open_lesson("cnn-flow")
    async with playing(lesson, at="pool[0,1,0,0]") as (screen, pilot):
        await pilot.press("T")
        tree = pilot.app.screen
        assert isinstance(tree, TreeScreen)
        assert "pool[0,1,0,0] = 4.3405 ~ max(1.1149, -1.6269, -0.82049, 4.3405)" in text(tree)
        await pilot.press("down", "right", "down")
        assert "bn[0,1,0,0] = 1.1149 ~ 0.30744×2 + 0.5" in text(tree)
        await pilot.press("right", "right")
        assert "· bn.weight[1] = 2   a parameter" in text(tree)
        assert tree.at == 3
        await pilot.press("left", "left", "left", "left")
        assert tree.at == 0
        assert len(tree.tree_of.rows) == 1
        await pilot.press("asterisk", "end")
        assert tree.at > 100
        await pilot.press("home", "W")
        assert "What pool[0,1,0,0] goes into" in text(tree)
        await pilot.press("w", "pagedown", "pageup", "down", "enter")
        assert pilot.app.screen is screen
        assert position(screen) == lesson.timeline.locate("bn[0,1,0,0]") + 1
        await pilot.press("T", "end", "enter")
        assert position(screen) == lesson.timeline.locate("bn[0,1,0,0]") + 1
        assert "is given: no step writes it" in shown(screen)
        await pilot.press("T", "q")
        assert pilot.app.screen is screen


def text(screen: TreeScreen) -> str:
    return "\n".join(plain(line) for line in screen.stage.page.lines)
