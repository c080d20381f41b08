"""What a simulation says of itself."""

from __future__ import annotations

import json

from tacit.simulations import Round, Simulation


def simulation(scores: list[float], *, metric: str = "accuracy", measured: int = 2000) -> Simulation:
    rounds = tuple(Round(100 * 2**i, s, (s - 0.02, s + 0.02), 0.5 * bool(i), 0.1) for i, s in enumerate(scores))
    return Simulation(
        "sentiment", "margin", "tfidf-linear", "gbdt", metric, rounds, 3, 5000, measured, apart=True, notes=("a note",)
    )


def test_it_prints_rounds_with_seconds_and_what_the_next_labels_are_worth() -> None:
    said = str(simulation([0.7, 0.8, 0.85]))
    assert "margin with tfidf-linear chooses, gbdt learns; accuracy on 2,000 test rows, seed 3" in said
    assert "400   0.850   0.830 to 0.870     500 ms     100 ms" in said
    assert "the next 200 labels are worth about" in said
    assert "note: a note" in said


def test_it_goes_to_json_with_all_that_it_holds() -> None:
    plain = json.loads(json.dumps(simulation([0.7, 0.8, 0.85]).to_dict()))
    assert [r["labels"] for r in plain["rounds"]] == [100, 200, 400]
    assert plain["selection_seconds"] == 1.0
    assert plain["worth"]["more"] == 200
    assert plain["apart"] is True


def test_two_rounds_tell_nothing_of_the_next_labels() -> None:
    assert simulation([0.7, 0.8]).worth is None
    assert "worth" not in str(simulation([0.7, 0.8]))


def test_a_loss_is_no_curve_to_be_fitted() -> None:
    assert simulation([0.7, 0.6, 0.5], metric="log_loss").worth is None


def test_labels_further_off_are_worth_no_less() -> None:
    some = simulation([0.7, 0.8, 0.85])
    near, far = some.worth_of(100), some.worth_of(1000)
    assert near is not None
    assert far is not None
    assert 0 < near.gain < far.gain
