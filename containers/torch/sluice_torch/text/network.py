"""Chooses the network of a text classifier: a base model, an earlier version, or the own encoder."""

import json
from collections.abc import Callable
from dataclasses import dataclass

from tokenizers import Tokenizer
from torch import nn

from ..context import Context
from ..error import TrainingError
from ..options import Options
from ..training.hub import Unreachable, find_base, load_config
from ..training.weights import Weights, load_weights, read_weights
from .bert import BertNetwork, load_bert, max_positions, set_dropout
from .encoder import TextNetwork
from .plan import DROPOUT, LAYERS, MAX_LENGTH, without_base
from .read import each_text
from .tokenizer import load_tokenizer, train_wordpiece


@dataclass(frozen=True)
class Choice:
    # With those of an unreachable base model removed.
    options: Options
    tokenizer: Tokenizer
    max_length: int
    # Pretrained: a base model, or an earlier version of one.
    base: bool
    build: Callable[[], nn.Module]


def choose_network(context: Context) -> Choice:
    options = context.options
    start = context.find_weights()
    base = find_base(options.base_model, start)
    if base:
        try:
            return choose_base(context, base)
        except Unreachable as error:
            context.log(f"warning: baseModel={base} cannot be reached: {error}")
            context.log("The own encoder is trained instead, with its own epochs, learningRate and patience.")
            return choose_own(context, without_base(options))
    if start:
        return choose_version(context, read_weights(start, "text-classification"))
    return choose_own(context, options)


def dropout_of(options: Options) -> float:
    return DROPOUT if options.dropout_rate is None else options.dropout_rate


def layers_of(options: Options) -> int:
    if options.train_only_top_layer:
        return 0
    return LAYERS if options.trainable_layers is None else options.trainable_layers


def choose_base(context: Context, base: str) -> Choice:
    options = context.options
    tokenizer = load_tokenizer(base)
    length = min(options.max_length or MAX_LENGTH, max_positions(load_config(base)))
    # Loaded now, so that an unreachable model is noticed before the training.
    network = load_bert(base, context.classes, dropout_of(options), layers_of(options))
    return Choice(options, tokenizer, length, True, lambda: network)


def choose_own(context: Context, options: Options) -> Choice:
    if options.train_only_top_layer:
        message = "trainOnlyTopLayer=true needs weights or baseModel: an encoder that starts from nothing must learn."
        raise TrainingError("OPTION_INVALID", message)
    tokenizer = train_wordpiece(each_text(context.train), options.vocabulary_size)
    length = options.max_length or MAX_LENGTH
    vocabulary, classes = tokenizer.get_vocab_size(), len(context.classes)
    context.log(f"vocabulary={vocabulary};")
    return Choice(
        options, tokenizer, length, False, lambda: TextNetwork(vocabulary, classes, length, dropout_of(options))
    )


def choose_version(context: Context, weights: Weights) -> Choice:
    """The network and the tokenizer of an earlier version."""
    options, known, classes = context.options, weights.architecture, len(context.classes)
    tokenizer = Tokenizer.from_str(known["tokenizer"])
    pretrained = known["network"] == "transformers"

    def build() -> nn.Module:
        if pretrained:
            network: nn.Module = rebuild_bert(known["config"], classes, dropout_of(options), layers_of(options))
            load_weights(network, weights, "model.classifier", context.log)
            return network
        network = TextNetwork(known["vocabulary"], classes, known["maxLength"], dropout_of(options))
        load_weights(network, weights, "head.", context.log)
        if options.train_only_top_layer:
            network.requires_grad_(False)
            network.head.requires_grad_(True)
        return network

    length = min(options.max_length or MAX_LENGTH, known["maxLength"])
    return Choice(options, tokenizer, length, pretrained, build)


def rebuild_bert(config: dict[str, object], classes: int, dropout: float, layers: int) -> BertNetwork:
    from transformers import AutoConfig, AutoModelForSequenceClassification

    values = {key: value for key, value in config.items() if key not in ("model_type", "id2label", "label2id")}
    rebuilt = AutoConfig.for_model(str(config["model_type"]), **values, num_labels=classes)
    model = AutoModelForSequenceClassification.from_config(set_dropout(rebuilt, dropout))
    return BertNetwork(model, layers)


def describe(network: BertNetwork | TextNetwork, tokenizer: bytes, max_length: int) -> dict[str, object]:
    text = json.dumps(json.loads(tokenizer), ensure_ascii=False)
    return {**network.architecture, "maxLength": max_length, "tokenizer": text}
