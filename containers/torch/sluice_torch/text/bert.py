"""Text models of transformers, of which the last layers and the classifier are trained."""

from typing import Any, Self

from torch import Tensor, nn

from ..training.hub import layers_of, load_config, load_model

# Names of the classifier's dropout in the configurations of this family.
DROPOUTS = ("classifier_dropout", "seq_classif_dropout", "summary_last_dropout", "pooler_dropout")
# Configurations count this many positions for special purposes (RoBERTa).
RESERVED_POSITIONS = 2


class BertNetwork(nn.Module):
    def __init__(self, model: Any, layers: int) -> None:
        super().__init__()
        self.model = model
        self.frozen = freeze_first_layers(model, layers)

    @property
    def takes_types(self) -> bool:
        return getattr(self.model.config, "type_vocab_size", 0) > 1

    def forward(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor | None = None) -> Tensor:
        types = {} if token_type_ids is None else {"token_type_ids": token_type_ids}
        return self.model(input_ids=input_ids, attention_mask=attention_mask, **types).logits

    def train(self, mode: bool = True) -> Self:
        """Frozen layers have no dropout."""
        super().train(mode)
        for module in self.frozen:
            module.eval()
        return self

    @property
    def architecture(self) -> dict[str, Any]:
        return {"network": "transformers", "config": self.model.config.to_dict()}


def freeze_first_layers(model: Any, trained: int) -> list[nn.Module]:
    """Trains the last `trained` layers and all parts after them."""
    base = model.base_model
    layers = list(layers_of(base))
    kept = layers[len(layers) - min(trained, len(layers)) :]
    base.requires_grad_(False)
    pooler = getattr(base, "pooler", None)
    for part in [*kept, *([pooler] if pooler is not None else [])]:
        part.requires_grad_(True)
    others = [part for part in base.children() if part is not pooler and not contains(part, layers)]
    return [*others, *layers[: len(layers) - len(kept)]]


def contains(module: nn.Module, layers: list[nn.Module]) -> bool:
    inside = {id(each) for each in module.modules()}
    return any(id(layer) in inside for layer in layers)


def load_bert(base: str, classes: list[str], dropout: float, layers: int) -> BertNetwork:
    from transformers import AutoModelForSequenceClassification

    config = load_config(base, num_labels=len(classes))
    config = set_dropout(config, dropout)
    model = load_model(AutoModelForSequenceClassification.from_pretrained, base, config)
    return BertNetwork(model, layers)


def set_dropout(config: Any, dropout: float) -> Any:
    for name in DROPOUTS:
        if hasattr(config, name):
            setattr(config, name, dropout)
    return config


def max_positions(config: Any) -> int:
    found = getattr(config, "max_position_embeddings", None) or 512
    return int(found) - (RESERVED_POSITIONS if getattr(config, "pad_token_id", 0) == 1 else 0)
