"""Signals to a real process."""

import re
import signal

from job import Job

LONG = {"imageSize": 32, "batchSize": 4, "workers": 1, "patience": 10_000}


def start_and_wait(job: Job, line: str, **hyperparameters: object):  # type: ignore[no-untyped-def]
    process = job.start(**LONG, **hyperparameters)
    assert process.stdout
    log = ""
    while line not in log:
        text = process.stdout.readline()
        assert text, log
        log += text
    return process, log


def test_a_stopped_job_saves_a_checkpoint_and_a_package(job: Job) -> None:
    job.write_images("train", 24)
    job.write_images("validation", 8)
    process, log = start_and_wait(job, "epoch=2;", epochs=5000)
    process.send_signal(signal.SIGTERM)
    ended = job.end(process, log)
    assert ended.code == 0, ended.log
    assert "final; version=" in ended.log
    assert job.read("output/data/metrics.json")["stoppedBy"] == "signal"
    assert (job.root / "checkpoints/torch.safetensors").exists()
    assert (job.root / "model/model.onnx").exists()


def test_an_interrupted_job_resumes_and_ends_with_the_same_result(job: Job) -> None:
    job.write_images("train", 24)
    job.write_images("validation", 8)
    process, log = start_and_wait(job, "epoch=2;", epochs=6)
    process.send_signal(signal.SIGTERM)
    job.end(process, log)
    resumed = job.run(**LONG, epochs=6)
    assert "resumed after epoch" in resumed.log
    (job.root / "checkpoints/torch.safetensors").unlink()
    whole = job.run(**LONG, epochs=6)
    assert "resumed" not in whole.log
    assert final_line(resumed.log) == final_line(whole.log)


def final_line(log: str) -> str:
    """The version, which is a digest of the model, and the metrics."""
    found = re.search(r"^final; version=\w+; validation:loss=.*$", log, re.MULTILINE)
    assert found, log
    return found[0]


def test_a_stop_before_the_first_epoch_is_a_failure_with_its_reason(job: Job) -> None:
    job.write_images("train", 24)
    job.write_images("validation", 8)
    process, log = start_and_wait(job, "device=cpu", epochs=5)
    process.send_signal(signal.SIGTERM)
    ended = job.end(process, log)
    assert ended.code == 1
    assert ended.failure
    assert ended.failure.startswith("STOPPED_EARLY: The job was stopped before the first epoch")
