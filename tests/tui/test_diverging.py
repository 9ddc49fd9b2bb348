"""A training that diverges says so and stops; what follows can still be had by asking for it."""

from __future__ import annotations

import pytest

from stepgrad.tui.cli import main

DIVERGING = ["neuron-forward-loss-update", "--set", "optimizer.lr=1e200", "--set", "optimizer.iterations=5"]


def test_printing_stops_where_the_loss_is_no_number_any_more(capsys: pytest.CaptureFixture[str]) -> None:
    """The first update leaves weights near 1e200, whose square is beyond float64: the second loss is infinite."""
    code = main(["print", *DIVERGING, "--format", "jsonl"])
    told = capsys.readouterr()
    assert code == 1
    assert "the loss is inf in iteration 1: the training has diverged; try a smaller learning rate" in told.err
    assert '"iteration":1' in told.out
    assert '"iteration":2' not in told.out


def test_what_follows_is_there_for_the_asking(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["print", *DIVERGING, "--from", "loss@3", "--to", "loss@3", "--format", "jsonl"]) == 0
    assert '"value":"nan"' in capsys.readouterr().out


def test_a_training_that_goes_well_is_printed_to_its_end(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["print", "neuron-forward-loss-update", "--level", "iteration"]) == 0
    assert capsys.readouterr().err == ""
