"""Addresses and timelines: every step by its number, its name, and by walking there."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepgrad.engine.errors import AddressError
from stepgrad.engine.graph import PHASES, Graph, Phase
from stepgrad.engine.op import Op, Spec
from stepgrad.engine.timeline import LEVELS, Address, Level, Place, Timeline, complete, short


@dataclass(frozen=True)
class Shaped(Op):
    """An op of nothing but its shape. Not in the registry."""

    shape: tuple[int, ...] = ()

    def infer(self) -> Spec:
        return Spec(self.shape)


Tensor = tuple[Phase, str, tuple[int, ...]]


def graph_of(*tensors: Tensor) -> Graph:
    graph = Graph()
    graph.source("image", Spec((5, 5)), "input")
    for k, (phase, layer, shape) in enumerate(tensors):
        graph.add(f"{layer}.t{k}", Shaped(shape), layer=layer, phase=phase)
    return graph.check()


shapes = st.lists(st.integers(0, 3) | st.just(1), max_size=3).map(tuple)
layers = st.lists(st.tuples(st.sampled_from(["conv", "fc"]), shapes), max_size=6)
graphs = st.dictionaries(st.sampled_from(PHASES), layers).map(
    lambda found: graph_of(*((phase, *tensor) for phase in PHASES for tensor in found.get(phase, [])))
)
timelines = st.lists(st.tuples(graphs, st.integers(0, 3)), min_size=1, max_size=3).map(Timeline)

SMALL = Timeline(
    graph_of(
        ("forward", "conv", (1, 2, 2)),
        ("forward", "empty", (0, 3)),
        ("forward", "fc", (3,)),
        ("loss", "loss", ()),
        ("backward", "fc", (3,)),
    ),
    iterations=4,
)


@given(timelines)
def test_the_step_of_an_address_is_the_address_of_the_step(timeline: Timeline) -> None:
    addresses = [timeline.place(k).address for k in range(timeline.steps)]
    assert len(set(addresses)) == timeline.steps
    for k, address in enumerate(addresses):
        assert timeline.number(address) == k
        assert timeline.locate(str(address)) == k
        shape = timeline.place(k).node.spec.shape
        assert timeline.locate(str(short(address, shape))) == k


@given(timelines)
def test_steps_follow_the_order_of_iterations_nodes_and_cells(timeline: Timeline) -> None:
    expected = []
    iteration = 0
    for graph, count in timeline.graphs:
        for _ in range(count):
            expected += [(iteration, node.name, c) for node in graph.nodes for c in range(node.size)]
            iteration += 1
    places = [timeline.place(k) for k in range(timeline.steps)]
    assert [(place.iteration, place.node.name, place.offset) for place in places] == expected
    assert timeline.iterations == iteration
    for at in range(iteration):
        assert timeline.start(at) == sum(i < at for i, *_ in expected)


@given(timelines, st.data())
def test_moves_of_any_level_stop_at_its_boundaries(timeline: Timeline, data: st.DataObject) -> None:
    places = [timeline.place(k) for k in range(timeline.steps)]
    level: Level = data.draw(st.sampled_from(LEVELS))
    keys: dict[Level, Callable[[Place], object]] = {
        "iteration": lambda p: p.iteration,
        "phase": lambda p: (p.iteration, p.node.phase),
        "layer": lambda p: (p.iteration, p.node.phase, p.node.layer),
        "tensor": lambda p: (p.iteration, p.node.name),
        "cell": lambda p: (p.iteration, p.node.name, p.offset),
        "term": lambda p: (p.iteration, p.node.name, p.offset),
    }
    groups = [keys[level](place) for place in places]
    bounds = {0, timeline.steps} | {k for k in range(1, len(groups)) if groups[k] != groups[k - 1]}
    for position in range(timeline.steps + 1):
        ahead, behind = timeline.move(position, level, 1), timeline.move(position, level, -1)
        assert ahead == min((b for b in bounds if b > position), default=timeline.steps)
        assert behind == max((b for b in bounds if b < position), default=0)


@given(timelines)
def test_what_is_written_grows_by_a_cell_a_step(timeline: Timeline) -> None:
    for position in range(timeline.steps):
        iteration, graph, whole, cells = timeline.written(position)
        done = sum(node.size for node in graph.nodes[:whole]) + cells
        assert timeline.start(iteration) + done == position
    iteration, graph, whole, cells = timeline.written(timeline.steps)
    assert (whole, cells) == (len(graph.nodes), 0)
    assert iteration == timeline.iterations - 1


def test_a_timeline_of_a_trillion_steps_is_walked_like_any_other() -> None:
    graph = graph_of(*[("forward", f"l{k}", (8, 16, 28, 28)) for k in range(50)])
    each = sum(node.size for node in graph.nodes)
    timeline = Timeline(graph, 10**12 // each + 1)
    assert timeline.steps > 10**12
    for k in (0, each - 1, each, 123_456_789_012, 10**12, timeline.steps - 1):
        place = timeline.place(k)
        assert timeline.number(place.address) == k
        assert place.iteration == k // each
    assert timeline.move(10**12, "iteration", 1) == (10**12 // each + 1) * each
    started = time.perf_counter()
    for k in range(200):
        timeline.number(timeline.place(k * 4_999_999_999).address)
    assert time.perf_counter() - started < 0.5, "no step is found by walking to it"


def test_stages_follow_each_other() -> None:
    pretrain, empty, transfer = graph_of(("forward", "a", (2,))), graph_of(), graph_of(("forward", "b", (3,)))
    timeline = Timeline([(pretrain, 2), (empty, 5), (transfer, 3)])
    assert timeline.steps == 2 * 2 + 3 * 3
    assert timeline.iterations == 10
    assert timeline.place(4).address == Address("b.t0", (0,), iteration=7)
    assert timeline.locate("b.t0@8") == 7
    assert timeline.graph(1) is pretrain
    assert timeline.graph(6) is empty
    assert timeline.graph(9) is transfer
    assert timeline.move(3, "cell", 1) == 4
    assert timeline.move(4, "iteration", -1) == 2
    with pytest.raises(AddressError, match=r"no tensor 'b.t0' in iteration 0; the first is b.t0@7"):
        timeline.locate("b.t0")
    with pytest.raises(AddressError, match="iteration 3 has no steps"):
        timeline.locate("@3")


def test_the_same_graph_in_many_stages_is_laid_out_once() -> None:
    whole, rest = graph_of(("forward", "a", (4,))), graph_of(("forward", "a", (1,)))
    timeline = Timeline([(whole, 9), (rest, 1)] * 20_000)
    assert timeline.steps == 37 * 20_000
    assert timeline.place(timeline.steps - 1).iteration == 199_999


def test_a_graph_without_nodes_has_no_steps() -> None:
    timeline = Timeline(graph_of())
    assert (timeline.steps, timeline.iterations, timeline.written(0)[1:]) == (0, 1, (timeline.graph(0), 0, 0))
    assert timeline.move(0, "cell", 1) == timeline.move(0, "layer", -1) == 0
    with pytest.raises(AddressError, match="there is no step 0; there are no steps"):
        timeline.place(0)


@pytest.mark.parametrize(
    ("text", "step"),
    [
        ("conv.t0", 0),
        ("conv.t0[0,1,1]", 3),
        ("conv.t0[1,1]", 3),
        ("conv.t0[ 1 , 1 ]#2", 3),
        ("fc.t2[2]@3", 3 * 11 + 6),
        ("loss.t3", 7),
        ("loss.t3[]", 7),
        (":backward", 8),
        (":loss@1", 18),
        ("@2", 22),
        ("  fc.t4  ", 8),
    ],
)
def test_an_address_names_a_step(text: str, step: int) -> None:
    assert SMALL.locate(text) == step


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("conv.t1", "no tensor 'conv.t1'; did you mean 'conv.t0'?"),
        ("forward", "no tensor 'forward'; did you mean ':forward'?"),
        ("end", "no tensor 'end'; did you mean ':end'?"),
        ("image", "'image' is given, not computed"),
        ("image[1,1]", "'image' is given, not computed"),
        ("conv.t0[2,2]", r"conv.t0\[2,2\] does not fit conv.t0, which is \[1, 2, 2\]"),
        ("fc.t2[1,1]", "does not fit"),
        ("loss.t3[0]", "does not fit"),
        ("empty.t1", "'empty.t1' has no cells"),
        ("empty.t1[0,0]", "'empty.t1' has no cells"),
        ("fc.t2@4", "no iteration 4; iterations run from 0 to 3"),
        (":update", "no phase ':update'; iteration 0 has forward, loss, backward"),
        ("[1,1]", r"\[1,1\] names no tensor; write tensor\[1,1\]"),
        (":loss[0]", "names no tensor"),
        ("@99999999999999999999999", "is no address"),
    ],
)
def test_an_address_that_names_nothing_says_why(text: str, message: str) -> None:
    with pytest.raises(AddressError, match=message):
        SMALL.locate(text)


@pytest.mark.parametrize("step", [-1, 44, 10**30])
def test_a_step_that_is_not_there_is_refused(step: int) -> None:
    with pytest.raises(AddressError, match="steps run from 0 to 43"):
        SMALL.place(step)


names = st.from_regex(r"[A-Za-z_][A-Za-z0-9_\-]{0,6}(\.[A-Za-z0-9_\-]{1,4}){0,2}", fullmatch=True)
counts = st.integers(0, 10**15)
addresses = st.builds(
    Address,
    tensor=names,
    index=st.none() | st.lists(counts, max_size=4).map(tuple),
    term=st.none() | counts,
    iteration=st.none() | counts,
)


@given(addresses)
def test_an_address_is_read_back_as_it_was_written(address: Address) -> None:
    assert Address.parse(str(address)) == address
    assert Address.parse(f"  {address} ") == address


@given(st.text() | st.text(alphabet="a0[],#@:. -_9", max_size=12))
def test_nonsense_is_an_address_error_and_nothing_else(text: str) -> None:
    try:
        found = Address.parse(text)
    except AddressError:
        return
    assert Address.parse(str(found)) == found


@pytest.mark.parametrize("text", ["\x1b[2J", "a\nb", "a\x00"])
def test_nonsense_is_quoted_so_that_it_can_do_a_terminal_no_harm(text: str) -> None:
    with pytest.raises(AddressError) as caught:
        Address.parse(text)
    assert str(caught.value).isprintable()


def test_a_hostile_address_takes_no_time() -> None:
    started = time.perf_counter()
    for text in ("a[" + " " * 50_000, "a[" + "1," * 50_000, "a." * 50_000, "9" * 50_000, "a[" + "1" * 50_000 + "]"):
        with pytest.raises(AddressError):
            Address.parse(text)
    assert time.perf_counter() - started < 1


@given(shapes.filter(lambda shape: 0 not in shape), st.data())
def test_leading_axes_of_size_one_may_be_left_out(shape: tuple[int, ...], data: st.DataObject) -> None:
    index = tuple(data.draw(st.integers(0, size - 1)) for size in shape)
    brief = short(Address("x", index), shape).index or ()
    assert complete(brief, shape) == index
    assert len(brief) >= min(1, len(shape))


def test_cumulative_sizes_are_what_they_say() -> None:
    sizes = [4, 0, 3, 1, 3]
    assert [SMALL.number(Address(node.name)) for node in SMALL.graph(0).nodes if node.size] == [
        start for start, size in zip(accumulate(sizes, initial=0), sizes, strict=False) if size
    ]
