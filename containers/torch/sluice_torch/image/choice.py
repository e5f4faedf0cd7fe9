"""Chooses the network of an image classifier: a base model, an earlier version, or an own network."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from torch import nn

from ..context import Context
from ..error import TrainingError
from ..options import Options
from ..training.hub import find_base
from ..training.weights import Weights, load_weights, read_weights
from .backbone import HubNetwork, load_backbone, read_preprocessing, rebuild_backbone
from .network import ImageNetwork
from .plan import DROPOUT, IMAGE_SIZE, SIZE
from .samples import Normalisation

Network = ImageNetwork | HubNetwork


@dataclass(frozen=True)
class Choice:
    side: int
    normalisation: Normalisation
    # Starts from weights, of any kind; of a large pretrained model.
    fine_tuning: bool
    hub: bool
    build: Callable[[], Network]


def choose_network(context: Context) -> Choice:
    options = context.options
    start = context.find_weights()
    base = find_base(options.base_model, start)
    if base:
        return choose_base(context, base)
    if start:
        return choose_version(context, read_weights(start, "image-classification"))
    if options.train_only_top_layer:
        message = "trainOnlyTopLayer=true needs weights or baseModel: a network that starts from nothing must learn."
        raise TrainingError("OPTION_INVALID", message)
    size, classes = options.size or SIZE, len(context.classes)
    side = options.image_size or IMAGE_SIZE
    return Choice(side, Normalisation(), False, False, lambda: ImageNetwork(size, classes, dropout_of(options)))


def dropout_of(options: Options) -> float:
    return DROPOUT if options.dropout_rate is None else options.dropout_rate


def choose_base(context: Context, base: str) -> Choice:
    options, classes = context.options, context.classes
    side, normalisation = read_preprocessing(base)

    def build() -> Network:
        network = HubNetwork(load_backbone(base, classes), len(classes), dropout_of(options))
        if options.train_only_top_layer:
            network.freeze_backbone()
        return network

    return Choice(options.image_size or side, normalisation, True, True, build)


def choose_version(context: Context, weights: Weights) -> Choice:
    options, known, classes = context.options, weights.architecture, len(context.classes)
    hub = known["network"] == "transformers"

    def build() -> Network:
        network: Network
        if hub:
            network = HubNetwork(rebuild_backbone(known["config"], classes), classes, dropout_of(options))
        else:
            network = ImageNetwork(options.size or known["size"], classes, dropout_of(options))
        head = f"model.{network.head_name}." if isinstance(network, HubNetwork) else "head."
        load_weights(network, weights, head, context.log)
        if options.train_only_top_layer:
            network.freeze_backbone()
        return network

    normalisation = Normalisation(tuple(known["mean"]), tuple(known["std"]))
    return Choice(options.image_size or known["side"], normalisation, True, hub, build)


def describe(network: Network, choice: Choice) -> dict[str, Any]:
    """Rebuilds the network for a later fine-tuning."""
    assert isinstance(network, nn.Module)
    about = {"side": choice.side, "mean": choice.normalisation.mean, "std": choice.normalisation.std}
    return {**network.architecture, **about}
