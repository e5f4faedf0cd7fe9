"""The engine's answers are PyTorch's, for packages of this trainer."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from base import write_image_model, write_text_model
from engine import needs_engine, predict
from job import Job, draw
from scripts import texts
from tokenizers import Tokenizer

from sluice_torch.data.decode import decode
from sluice_torch.export.onnx import open_model
from sluice_torch.training.classification import softmax
from sluice_torch.training.task import Run

pytestmark = needs_engine


def by_class(answer: dict[str, Any], classes: list[str]) -> list[float]:
    found = {each["class"]: each["probability"] for each in answer["predictions"]}
    return [found[name] for name in classes]


def expected_of_image(wanted: dict[str, Any], run: Run, data: bytes) -> np.ndarray:
    pixels = decode(data, (wanted["width"], wanted["height"])).pixels.astype(np.float32)
    normalise = wanted["normalise"]
    values = (pixels * normalise["scale"] - normalise["mean"]) / normalise["std"]
    return softmax(run({"pixels": values.transpose(2, 0, 1)[None].astype(np.float32)}))[0]


@pytest.mark.parametrize("hub", [False, True])
def test_images_are_classified_equally(job: Job, tmp_path: Path, hub: bool) -> None:
    job.write_images("train", 24)
    job.write_images("validation", 8)
    more = {"baseModel": str(write_image_model(job.root / "base"))} if hub else {"size": "n"}
    assert job.run(epochs=8, imageSize=32, batchSize=8, workers=0, learningRate=0.005, ema="false", **more).code == 0
    manifest, run = job.read("model/sluice.json"), open_model(job.root / "model/model.onnx")
    classes = manifest["classes"]
    files, expected = [], []
    for index in range(200):
        # At the model's size no resampling differs; at others the class is equal.
        side, kind = (32, "png") if index % 2 == 0 else (97, "jpg")
        file = tmp_path / f"{index}.{kind}"
        draw(classes[index // 2 % 2], 1000 + index, side).save(file, quality=95)
        files.append(file)
        expected.append(expected_of_image(manifest["input"], run, file.read_bytes()))
    for index, answer in enumerate(predict(job.root / "model", files, tmp_path)):
        found = by_class(answer, classes)
        if index % 2 == 0:
            assert found == pytest.approx(expected[index], abs=1e-4)
        else:
            assert np.argmax(found) == np.argmax(expected[index])


@pytest.mark.parametrize("base", [None, "bert", "roberta"])
def test_500_texts_in_many_scripts_are_classified_equally(job: Job, tmp_path: Path, base: str | None) -> None:
    job.channel("dataset").mkdir(parents=True)
    made = texts(120, 1)
    for name, some in (("train", made[:80]), ("validation", made[80:])):
        lines = [{"file": str(at), "label": "ab"[len(text) % 2], "text": text} for at, text in enumerate(some)]
        (job.channel("dataset") / f"{name}.jsonl").write_text("\n".join(map(json.dumps, lines)))
    more: dict[str, object] = {"maxLength": 40, "workers": 0, "epochs": 2}
    if base:
        more |= {"baseModel": str(write_text_model(job.root / "base", base)), "learningRate": 0.01}
    assert job.run(**more).code == 0
    classes = job.read("model/sluice.json")["classes"]
    tokenizer = Tokenizer.from_file(str(job.root / "model/tokenizer.json"))
    tokenizer.enable_truncation(40)
    run = open_model(job.root / "model/model.onnx")
    files, expected = [], []
    for index, text in enumerate(texts(500, 2)):
        file = tmp_path / f"{index}.txt"
        file.write_bytes(text.encode())
        files.append(file)
        ids = np.array([tokenizer.encode(text).ids])
        feeds = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        expected.append(softmax(run(feeds))[0])
    for text, answer, wanted in zip(files, predict(job.root / "model", files, tmp_path), expected, strict=True):
        assert by_class(answer, classes) == pytest.approx(wanted, abs=1e-4), text.read_text()
