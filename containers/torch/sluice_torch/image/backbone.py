"""Vision models of transformers, fine-tuned as classifiers."""

import json
from pathlib import Path
from typing import Any, Self

from torch import Tensor, nn

from ..error import TrainingError
from ..training.hub import Unreachable, first_line, load_config, load_model
from .samples import Normalisation

DEFAULT_SIZE = 224


class HubNetwork(nn.Module):
    """Returns only the logits, and freezes all but the classifier on request."""

    def __init__(self, model: Any, classes: int, dropout: float) -> None:
        super().__init__()
        self.model = model
        self.dropout = nn.Dropout(dropout)
        self.frozen = False
        self.head_name, head = find_head(model, classes)
        self._wrap(head)

    def _wrap(self, head: nn.Linear) -> None:
        parent_name, _, name = self.head_name.rpartition(".")
        setattr(self.model.get_submodule(parent_name), name, nn.Sequential(self.dropout, head))

    def forward(self, pixels: Tensor) -> Tensor:
        return self.model(pixel_values=pixels).logits

    def freeze_backbone(self) -> None:
        self.frozen = True
        self.model.requires_grad_(False)
        self.model.get_submodule(self.head_name).requires_grad_(True)

    def train(self, mode: bool = True) -> Self:
        super().train(mode)
        if self.frozen:
            self.model.eval()
            self.model.get_submodule(self.head_name).train(mode)
        return self

    @property
    def architecture(self) -> dict[str, Any]:
        return {"network": "transformers", "config": self.model.config.to_dict()}


def find_head(model: Any, classes: int) -> tuple[str, nn.Linear]:
    """The last linear layer with an output for each class."""
    found = [
        (name, module)
        for name, module in model.named_modules()
        if isinstance(module, nn.Linear) and module.out_features == classes
    ]
    if not found:
        message = "This transformers model has no linear classifier at its end. Use another base model."
        raise TrainingError("WEIGHTS_INVALID", message)
    return found[-1]


def load_backbone(base: str, classes: list[str]) -> Any:
    from transformers import AutoModelForImageClassification

    try:
        config = load_config(base, num_labels=len(classes))
        return load_model(AutoModelForImageClassification.from_pretrained, base, config)
    except Unreachable as error:
        message = f"baseModel={base} cannot be reached: {error} Leave it out to train this project's own network."
        raise TrainingError("WEIGHTS_MISSING", message) from error


def rebuild_backbone(config: dict[str, Any], classes: int) -> Any:
    """The network of an earlier version, without weights."""
    from transformers import AutoConfig, AutoModelForImageClassification

    values = {key: value for key, value in config.items() if key not in ("model_type", "id2label", "label2id")}
    rebuilt = AutoConfig.for_model(config["model_type"], **values, num_labels=classes)
    return AutoModelForImageClassification.from_config(rebuilt)


def read_preprocessing(base: str) -> tuple[int, Normalisation]:
    """The side of the input and its normalisation."""
    try:
        found = read_preprocessor_config(base)
        size = found.get("size", DEFAULT_SIZE)
        if isinstance(size, dict):
            size = size.get("height") or size.get("shortest_edge") or DEFAULT_SIZE
        if not found.get("do_normalize", True):
            return int(size), Normalisation((0.0, 0.0, 0.0), (1.0, 1.0, 1.0))
        default = Normalisation()
        mean, std = found.get("image_mean", default.mean), found.get("image_std", default.std)
        return int(size), Normalisation(tuple(mean), tuple(std))
    except (ValueError, TypeError, OSError) as error:
        message = f"preprocessor_config.json of {base} cannot be used: {first_line(error)}"
        raise TrainingError("WEIGHTS_INVALID", message) from error


def read_preprocessor_config(base: str) -> dict[str, Any]:
    from transformers.utils import cached_file

    file = cached_file(base, "preprocessor_config.json", _raise_exceptions_for_missing_entries=False)
    return json.loads(Path(file).read_text(encoding="utf-8")) if file else {}
