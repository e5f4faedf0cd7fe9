import numpy as np
from base import write_image_model
from job import Job
from safetensors.torch import load_file
from transformers import AutoModelForImageClassification


def test_a_vision_model_of_transformers_is_fine_tuned(job: Job) -> None:
    job.write_images("train", 24)
    job.write_images("validation", 8)
    base = write_image_model(job.root / "base")
    quick = {"batchSize": 8, "workers": 0, "keepWeights": "true"}
    ended = job.run(**quick, baseModel=str(base), epochs=2, learningRate=0.01, trainOnlyTopLayer="true")
    assert ended.code == 0, ended.log
    assert "export: equal to PyTorch on 8 held-out items" in ended.log
    wanted = job.read("model/sluice.json")["input"]
    assert (wanted["width"], wanted["normalise"]["mean"]) == (32, [0.5, 0.4, 0.3])
    before = AutoModelForImageClassification.from_pretrained(base).state_dict()
    after = load_file(job.root / "model/weights.safetensors")
    body = [name for name in before if not name.startswith("classifier")]
    assert all(np.allclose(before[name].half(), after[f"model.{name}"]) for name in body)

    job.channel("weights").mkdir()
    (job.root / "model/weights.safetensors").rename(job.channel("weights") / "weights.safetensors")
    again = job.run(**quick, epochs=1)
    assert again.code == 0, again.log
    assert job.read("model/sluice.json")["input"]["normalise"]["mean"] == [0.5, 0.4, 0.3]
