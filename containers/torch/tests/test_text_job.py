"""Text classification as a whole job: the own encoder, and tiny models of transformers."""

import json
import pickle
import re

import numpy as np
import onnxruntime
import pytest
from base import write_text_model
from job import Job
from safetensors.torch import load_file
from tokenizers import Tokenizer

QUICK = {"epochs": 4, "batchSize": 8, "workers": 0, "keepWeights": "true"}


def write_data(job: Job) -> None:
    job.write_texts("train", 0, 32)
    job.write_texts("validation", 32, 12)


def classify(job: Job, text: str) -> str:
    manifest = job.read("model/sluice.json")
    tokenizer = Tokenizer.from_file(str(job.root / "model" / manifest["input"]["tokenizer"]["file"]))
    session = onnxruntime.InferenceSession(job.root / "model/model.onnx", providers=["CPUExecutionProvider"])
    ids = np.array([tokenizer.encode(text).ids])
    feeds = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
    names = {each.name for each in session.get_inputs()}
    scores, *_ = session.run(None, {name: each for name, each in feeds.items() if name in names})
    return manifest["classes"][int(scores.argmax())]


def test_the_own_encoder_learns_from_nothing(job: Job) -> None:
    write_data(job)
    ended = job.run(**{**QUICK, "epochs": 8})
    assert ended.code == 0, ended.log
    assert "export: equal to PyTorch on 12 held-out items" in ended.log
    assert job.read("output/data/metrics.json")["accuracy"] == 1
    assert classify(job, "all is well number 99") == "calm"
    assert classify(job, "fire in the hall number 99") == "alarm"


def test_equal_seeds_result_in_equal_packages(job: Job) -> None:
    write_data(job)
    versions = []
    for seed in (5, 5, 6):
        assert job.run(**{**QUICK, "epochs": 1}, seed=seed).code == 0
        versions.append(job.read("model/sluice.json")["version"])
        (job.root / "checkpoints/torch.safetensors").unlink()
    assert versions[0] == versions[1] != versions[2]


@pytest.mark.parametrize("family", ["bert", "distilbert", "roberta"])
def test_the_last_layers_of_a_base_model_are_trained(job: Job, family: str) -> None:
    write_data(job)
    base = write_text_model(job.root / "base", family)
    ended = job.run(**QUICK, baseModel=str(base), trainableLayers=1, learningRate=0.01, dropout=0.1)
    assert ended.code == 0, ended.log
    assert "export: equal to PyTorch on 12 held-out items" in ended.log
    assert job.read("model/sluice.json")["input"]["maxLength"] == 64
    assert classify(job, "all is well number 99") == "calm"
    before = load_file(base / "model.safetensors")
    after = {
        name.removeprefix("model."): each for name, each in load_file(job.root / "model/weights.safetensors").items()
    }
    changed = {name for name in before if not np.allclose(before[name].half(), after[name])}
    layers = {int(match[1]) for name in changed if (match := re.search(r"layer\.(\d)\.", name))}
    assert layers == {2}
    assert not any("embeddings" in name for name in changed)


def test_a_base_model_of_the_channel_is_used_for_an_s3_prefix(job: Job) -> None:
    write_data(job)
    write_text_model(job.channel("weights"))
    ended = job.run(**{**QUICK, "epochs": 1}, baseModel="s3://bucket/models/tiny/")
    assert ended.code == 0, ended.log
    assert json.loads((job.root / "model/sluice.json").read_text())["metrics"]["parameters"] < 50_000


def test_without_a_reachable_base_the_own_encoder_trains_with_its_own_numbers(job: Job) -> None:
    write_data(job)
    ended = job.run(baseModel="distilbert-base-uncased", epochs=1, learningRate=0.00002, trainableLayers=2, workers=0)
    assert ended.code == 0, ended.log
    assert "warning: baseModel=distilbert-base-uncased cannot be reached" in ended.log
    assert "The own encoder is trained instead, with its own epochs, learningRate" in ended.log
    metrics = job.read("output/data/metrics.json")
    assert metrics["epochs"] > 5
    assert metrics["accuracy"] == 1


@pytest.mark.parametrize("base", [False, True])
def test_an_earlier_version_is_fine_tuned_with_its_tokenizer(job: Job, base: bool) -> None:
    write_data(job)
    more = {"baseModel": str(write_text_model(job.root / "base")), "learningRate": 0.01} if base else {}
    assert job.run(**{**QUICK, "epochs": 12}, **more).code == 0
    tokenizer = (job.root / "model/tokenizer.json").read_bytes()
    job.channel("weights").mkdir()
    (job.root / "model/weights.safetensors").rename(job.channel("weights") / "weights.safetensors")
    ended = job.run(**{**QUICK, "epochs": 1}, learningRate=0.0001)
    assert ended.code == 0, ended.log
    assert "tensors loaded; 0 of the head start new" in ended.log
    assert (job.root / "model/tokenizer.json").read_bytes() == tokenizer
    assert job.read("output/data/metrics.json")["accuracy"] > 0.8


def test_unreadable_texts_are_counted_and_named(job: Job) -> None:
    write_data(job)
    lines = [{"file": "empty", "label": "calm", "text": "  "}, {"file": "gone.txt", "label": "calm"}]
    with (job.channel("dataset") / "train.jsonl").open("a") as file:
        file.writelines(f"\n{json.dumps(line)}" for line in lines)
    ended = job.run(**{**QUICK, "epochs": 1})
    assert ended.code == 0, ended.log
    assert "skipped empty: The text is empty." in ended.log
    assert "skipped gone.txt: The file is missing." in ended.log
    assert job.read("output/data/metrics.json")["unreadable"] == 2


def test_a_base_folder_with_a_pickle_is_refused(job: Job) -> None:
    write_data(job)
    base = write_text_model(job.root / "base")
    (base / "model.safetensors").unlink()
    (base / "pytorch_model.bin").write_bytes(pickle.dumps({}))
    ended = job.run(**QUICK, baseModel=str(base))
    assert ended.failure
    assert ended.failure.startswith("WEIGHTS_PICKLE: pytorch_model.bin is a pickle")


def test_an_own_encoder_cannot_train_only_its_top(job: Job) -> None:
    write_data(job)
    ended = job.run(**QUICK, trainOnlyTopLayer="true")
    assert ended.failure
    assert "trainOnlyTopLayer=true needs weights or baseModel" in ended.failure
