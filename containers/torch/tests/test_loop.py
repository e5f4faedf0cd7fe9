import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import torch
from toy import STEPS, ToyTask, plan

from sluice_torch.error import TrainingError
from sluice_torch.training.checkpoint import FILE, Checkpoints
from sluice_torch.training.loop import Fitted, fit
from sluice_torch.training.runtime import Runtime


@dataclass
class Session:
    """One start of a training, which is stopped before its nth look at the signal."""

    folder: Path
    fingerprint: str = "one"
    stop_after: int = 10**9
    seconds: float = 0.0
    lines: list[str] = field(default_factory=list)

    def fit(self, task: ToyTask) -> Fitted:
        looks = iter(range(10**9))
        runtime = Runtime(torch.device("cpu"), self.lines.append, lambda: next(looks) >= self.stop_after, self.clock)
        return fit(task, runtime, 1, Checkpoints(self.folder, self.fingerprint, self.lines.append, self.clock))

    def clock(self) -> float:
        self.seconds += 1
        return self.seconds


def equal(one: Fitted, other: Fitted) -> bool:
    left, right = one.model.state_dict(), other.model.state_dict()
    same = all(torch.equal(left[name], right[name]) for name in left)
    return same and one.state.to_json() == other.state.to_json()


def test_an_epoch_prints_its_metrics_in_the_format_of_the_contract(tmp_path: Path) -> None:
    session = Session(tmp_path)
    session.fit(ToyTask(plan()))
    number = r"-?\d+\.\d+"
    pattern = rf"epoch=1; train:loss={number}; validation:loss={number}; seconds={number}; remaining=\d+; epochs=\d+;"
    assert any(re.fullmatch(pattern, line) for line in session.lines)


# Each epoch looks at the signal once a batch, twice in the evaluation and once at its end.
@pytest.mark.parametrize("looks", [5, 9, 11, 13, 14, 15, 20])
def test_a_training_that_is_stopped_anywhere_resumes_to_the_same_result(tmp_path: Path, looks: int) -> None:
    whole = Session(tmp_path / "whole").fit(ToyTask(plan()))
    folder = tmp_path / "stopped"
    stopped = Session(folder, stop_after=looks)
    try:
        assert stopped.fit(ToyTask(plan())).stopped_by == "signal"
    except TrainingError as error:
        assert error.code == "STOPPED_EARLY"
    resumed = Session(folder)
    assert equal(resumed.fit(ToyTask(plan())), whole)
    assert any(line.startswith("resumed after epoch") for line in resumed.lines)


def test_a_stop_before_the_first_epoch_ends_is_an_error_and_leaves_a_checkpoint(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="STOPPED_EARLY: .* resumes from its checkpoint"):
        Session(tmp_path, stop_after=2).fit(ToyTask(plan()))
    task = ToyTask(plan())
    Session(tmp_path).fit(task)
    assert task.seen[0] == (1, 2)


def test_more_epochs_resume_a_finished_training(tmp_path: Path) -> None:
    Session(tmp_path).fit(ToyTask(plan(epochs=2)))
    task, session = ToyTask(plan(epochs=4)), Session(tmp_path)
    assert len(session.fit(task).state.history) == 4
    assert task.seen[0] == (3, 0)
    assert session.lines[0] == "resumed after epoch 2"


def damage(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:500])


@pytest.mark.parametrize(("fingerprint", "change"), [("two", lambda _: None), ("one", damage)])
def test_a_checkpoint_of_another_training_and_a_damaged_one_are_ignored(
    tmp_path: Path, fingerprint: str, change: Callable[[Path], None]
) -> None:
    Session(tmp_path).fit(ToyTask(plan(epochs=1)))
    change(tmp_path / FILE)
    session = Session(tmp_path, fingerprint)
    assert len(session.fit(ToyTask(plan(epochs=1))).state.history) == 1
    assert session.lines[0].startswith("The checkpoint is ignored: ")


def test_checkpoints_are_written_in_intervals_of_a_long_epoch(tmp_path: Path) -> None:
    session = Session(tmp_path)
    times: list[float] = []

    class Slow(ToyTask):
        def loss(self, model, batch):  # type: ignore[no-untyped-def]
            session.seconds += 25
            if (tmp_path / FILE).exists():
                times.append((tmp_path / FILE).stat().st_mtime_ns)
            return super().loss(model, batch)

    session.fit(Slow(plan()))
    # Twelve batches of 25 seconds, at most one checkpoint a minute.
    assert 3 <= len(set(times)) <= 6


def test_training_stops_early_and_returns_the_best_epoch(tmp_path: Path) -> None:
    task = ToyTask(plan(epochs=20, patience=3), [0.5, 0.8, 0.8005, 0.7, 0.6, 0.9])
    fitted = Session(tmp_path).fit(task)
    assert fitted.stopped_by == "patience"
    # A gain below the minimum is no progress, but the better epoch is the one that is kept.
    assert (len(fitted.state.history), fitted.state.best_epoch) == (5, 3)
    assert fitted.state.best_details == {"note": 0.8005}


def test_a_loss_that_is_no_number_ends_the_training(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match=r"TRAINING_DIVERGED: .* epoch 1\. Use a smaller learningRate"):
        Session(tmp_path).fit(ToyTask(plan(learning_rate=1e30, clip_norm=None)))


def test_equal_seeds_result_in_equal_models(tmp_path: Path) -> None:
    one, other = (Session(tmp_path / name).fit(ToyTask(plan())) for name in ("one", "other"))
    assert equal(one, other)


def test_every_epoch_has_all_batches(tmp_path: Path) -> None:
    task = ToyTask(plan(epochs=2))
    Session(tmp_path).fit(task)
    assert task.seen == [(epoch, step) for epoch in (1, 2) for step in range(STEPS)]
