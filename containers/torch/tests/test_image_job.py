"""Image classification as a whole job, on tiny networks and images."""

import pickle
import re
import tarfile
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
from job import Job, draw
from PIL import Image

QUICK = {
    "epochs": 3,
    "imageSize": 32,
    "size": "n",
    "batchSize": 8,
    "workers": 0,
    "learningRate": 0.005,
    "keepWeights": "true",
}
# The size of a version's network is in its weights.
WITHOUT_SIZE = {name: value for name, value in QUICK.items() if name != "size"}


def classify(job: Job, image: Image.Image) -> str:
    manifest = job.read("model/sluice.json")
    session = onnxruntime.InferenceSession(job.root / "model/model.onnx", providers=["CPUExecutionProvider"])
    side, normalise = manifest["input"]["width"], manifest["input"]["normalise"]
    pixels = np.asarray(image.resize((side, side), Image.Resampling.BILINEAR), np.float32)
    values = (pixels * normalise["scale"] - np.array(normalise["mean"])) / np.array(normalise["std"])
    scores, _ = session.run(None, {"pixels": values.transpose(2, 0, 1)[None].astype(np.float32)})
    return manifest["classes"][int(scores.argmax())]


def test_a_job_writes_a_package_that_classifies_unseen_images(job: Job) -> None:
    job.write_images("train", 48)
    job.write_images("validation", 16)
    (job.channel("train") / "red/broken.png").write_bytes(b"not a picture")
    ended = job.run(model='"squares"', **{**QUICK, "epochs": 8})
    assert ended.code == 0, ended.log
    assert "skipped red/broken.png: The image cannot be read" in ended.log
    assert "export: equal to PyTorch on 16 held-out items" in ended.log
    manifest = job.read("model/sluice.json")
    assert manifest["model"] == "squares"
    assert manifest["classes"] == ["blue", "red"]
    assert manifest["training"]["job"] == "job-1"
    assert manifest["metrics"]["unreadable"] == 1
    metrics = job.read("output/data/metrics.json")
    assert metrics["accuracy"] == 1
    assert np.sum(metrics["confusion"]) == 16
    assert set(metrics["history"][0]) == {"epoch", "trainLoss", "validationLoss", "validationAccuracy"}
    assert [classify(job, draw(label, 900, 40)) for label in ("blue", "red")] == ["blue", "red"]


def test_equal_seeds_result_in_equal_packages(job: Job) -> None:
    job.write_images("train", 16)
    job.write_images("validation", 8)
    versions = []
    for seed in (5, 5, 6):
        assert job.run(**{**QUICK, "epochs": 1}, seed=seed).code == 0
        versions.append(job.read("model/sluice.json")["version"])
        (job.root / "checkpoints/torch.safetensors").unlink()
    assert versions[0] == versions[1] != versions[2]


def test_an_earlier_version_is_fine_tuned_with_another_class(job: Job) -> None:
    job.write_images("train", 24)
    job.write_images("validation", 12)
    assert job.run(**QUICK).code == 0
    job.channel("weights").mkdir()
    with tarfile.open(job.channel("weights") / "model.tar.gz", "w:gz") as archive:
        archive.add(job.root / "model", ".")
    job.write_images("train", 36, ("blue", "green", "red"))
    job.write_images("validation", 12, ("blue", "green", "red"))
    ended = job.run(**WITHOUT_SIZE, trainOnlyTopLayer="true")
    assert ended.code == 0, ended.log
    assert "weights: " in ended.log
    assert "2 of the head start new" in ended.log
    assert job.read("model/sluice.json")["classes"] == ["blue", "green", "red"]


def test_only_the_top_layer_learns_on_request(job: Job) -> None:
    from safetensors.torch import load_file

    job.write_images("train", 16)
    job.write_images("validation", 8)
    assert job.run(**QUICK).code == 0
    before = load_file(job.root / "model/weights.safetensors")
    job.channel("weights").mkdir()
    (job.root / "model/weights.safetensors").rename(job.channel("weights") / "weights.safetensors")
    assert job.run(**QUICK, trainOnlyTopLayer="true", seed=2).code == 0
    after = load_file(job.root / "model/weights.safetensors")
    changed = {name for name in before if not np.array_equal(before[name], after[name])}
    assert changed == {"head.1.weight", "head.1.bias"}


class Hostile:
    """Writes a file when it is unpickled."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __reduce__(self) -> tuple[object, ...]:
        return (Path.touch, (self.file,))


@pytest.mark.parametrize(
    ("name", "code"),
    [("best.pt", "WEIGHTS_PICKLE"), ("model.bin", "WEIGHTS_PICKLE"), ("weights.safetensors", "WEIGHTS_INVALID")],
)
def test_a_pickle_is_refused_and_not_loaded(job: Job, name: str, code: str) -> None:
    job.write_images("train", 8)
    job.channel("weights").mkdir()
    proof = job.root / "ran"
    (job.channel("weights") / name).write_bytes(pickle.dumps(Hostile(proof)))
    ended = job.run(**QUICK)
    assert ended.code == 1
    assert ended.failure
    assert ended.failure.startswith(f"{code}: {name}")
    assert "safetensors" in ended.failure
    assert not proof.exists()


def test_an_archive_with_paths_outside_only_gives_its_weights(job: Job) -> None:
    job.write_images("train", 8)
    job.channel("weights").mkdir()
    (job.root / "weights.safetensors").write_bytes(b"x" * 100)
    with tarfile.open(job.channel("weights") / "model.tar.gz", "w:gz") as archive:
        archive.add(job.root / "weights.safetensors", "../../../../tmp/evil/weights.safetensors")
    ended = job.run(**QUICK)
    assert ended.failure
    assert ended.failure.startswith("WEIGHTS_INVALID: weights.safetensors is not a safetensors file")
    assert not Path("/tmp/evil").exists()


@pytest.mark.parametrize(
    ("hyperparameters", "classes", "reason"),
    [
        ({"epochs": 0}, ("blue", "red"), "OPTION_INVALID: The hyperparameter 'epochs' is '0'"),
        ({"device": "gpu"}, ("blue", "red"), "GPU_MISSING: device=gpu, but this machine has no GPU"),
        ({}, ("blue",), "ONE_CLASS: Only 1 class has training data"),
        ({"classes": "blue,green"}, ("blue", "red"), "LABEL_UNKNOWN: The label 'red' is not one of"),
        ({"trainOnlyTopLayer": "true"}, ("blue", "red"), "OPTION_INVALID: trainOnlyTopLayer=true needs weights"),
        ({"weights": "/nowhere"}, ("blue", "red"), "WEIGHTS_MISSING: weights=/nowhere does not exist"),
        ({"weights": "s3://bucket/x/"}, ("blue", "red"), "WEIGHTS_MISSING: .* needs the channel 'weights'"),
        ({"baseModel": "nobody/nothing"}, ("blue", "red"), "WEIGHTS_MISSING: baseModel=nobody/nothing cannot be"),
    ],
)
def test_a_job_fails_with_a_reason_and_the_fix(
    job: Job, hyperparameters: dict[str, object], classes: tuple[str, ...], reason: str
) -> None:
    job.write_images("train", 8, classes)
    job.write_images("validation", 4, classes)
    ended = job.run(**{**QUICK, **hyperparameters})
    assert ended.code == 1
    assert ended.failure
    assert re.match(reason, ended.failure), ended.failure


def test_a_class_without_training_images_is_a_warning(job: Job) -> None:
    job.write_images("train", 8)
    job.write_images("validation", 4)
    ended = job.run(**{**QUICK, "epochs": 1}, classes="blue,red,green")
    assert ended.code == 0
    assert "warning: the class 'green' has no training items." in ended.log
