"""The options of a training. None means that the task chooses, by its network and its device."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from . import parse
from .error import TrainingError
from .parse import Parser

TASKS = ("image-classification", "text-classification", "object-detection")


def option(parser: Parser, default: Any = None) -> Any:
    return field(default=default, metadata={"parse": parser})


@dataclass(frozen=True)
class Options:
    model: str = option(parse.text, "model")
    task: str | None = option(parse.one_of(*TASKS))
    # In the model's order; the names in the data by default.
    classes: tuple[str, ...] | None = option(parse.names)

    epochs: int | None = option(parse.whole(1, 10_000))
    batch_size: int | None = option(parse.whole(1, 4_096))
    learning_rate: float | None = option(parse.number(1e-7, 10))
    weight_decay: float | None = option(parse.number(0, 10))
    dropout_rate: float | None = option(parse.number(0, 0.95))
    patience: int | None = option(parse.whole(1, 10_000))
    min_delta: float = option(parse.number(0, 1), 0.001)
    class_weights: str | None = option(parse.one_of("balanced", "none"))
    ema: bool | None = option(parse.flag)
    seed: int = option(parse.whole(0, 2**31), 1)
    validation_share: float = option(parse.number(0.05, 0.5), 0.2)

    # "none", a file or folder, or the name of a detector family; files of the channel `weights` need no value.
    weights: str | None = option(parse.text)
    # A transformers model: a name on the hub, a folder, or an S3 prefix that is the channel `weights`.
    base_model: str | None = option(parse.text)
    train_only_top_layer: bool = option(parse.flag, False)
    trainable_layers: int | None = option(parse.whole(0, 100))
    max_length: int | None = option(parse.whole(8, 8_192))
    vocabulary_size: int = option(parse.whole(100, 100_000), 4_000)

    size: str | None = option(parse.one_of("n", "s", "m"))
    image_size: int | None = option(parse.whole(32, 2_048))
    flip_horizontal: bool | None = option(parse.flag)
    flip_vertical: bool | None = option(parse.flag)
    # A share of a full turn, to either side.
    rotation: float | None = option(parse.number(0, 1))
    # A share of the size, to either side.
    zoom: float | None = option(parse.number(0, 0.9))
    colour: float | None = option(parse.number(0, 1))

    detector: str | None = option(parse.one_of("anchor-free", "anchor-based"))
    mosaic: float | None = option(parse.number(0, 1))
    multi_scale: bool | None = option(parse.flag)
    profile: str | None = option(parse.one_of("cpu", "gpu"))

    quantize: str = option(parse.one_of("none", "int8"), "none")
    # The accuracy that int8 may lose, in points of a hundred.
    quantize_max_loss: float = option(parse.number(0, 100), 1.0)
    # The package also contains the weights for a later fine-tuning, which makes it half as large again, or more.
    keep_weights: bool = option(parse.flag, False)

    device: str = option(parse.one_of("auto", "cpu", "gpu"), "auto")
    workers: int | None = option(parse.whole(0, 64))
    cache_megabytes: int = option(parse.whole(0, 1_000_000), 4_096)

    def stated(self) -> dict[str, Any]:
        """The options that have a value, by their public names."""
        values = {to_camel(each.name): getattr(self, each.name) for each in fields(self)}
        return {name: value for name, value in values.items() if value is not None}


def to_camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


ALIASES = {"batch": "batchSize", "dropout": "dropoutRate"}
PARSERS: dict[str, tuple[str, Parser]] = {
    to_camel(each.name): (each.name, each.metadata["parse"]) for each in fields(Options)
}


def read_options(raw: Mapping[str, str], log: Callable[[str], None]) -> Options:
    values: dict[str, Any] = {}
    ignored: list[str] = []
    for given, quoted in raw.items():
        name = ALIASES.get(given, given)
        if name not in PARSERS:
            ignored.append(given)
            continue
        key, parser = PARSERS[name]
        value = unquote(quoted)
        try:
            values[key] = parser(value)
        except ValueError as error:
            message = f"The hyperparameter '{given}' is '{value}': {error}."
            raise TrainingError("OPTION_INVALID", message) from error
    if ignored:
        log(f"ignored hyperparameters of other trainers: {', '.join(ignored)}")
    return resolve_detector_name(Options(**values), log)


def unquote(value: str) -> str:
    """SDKs send "adam" as "\\"adam\\""."""
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] == '"' else value


DETECTOR_NAME = re.compile(r"yolov?(\d+)([a-z])u?", re.IGNORECASE)
ANCHOR_BASED = (3, 4, 5, 7)


def resolve_detector_name(options: Options, log: Callable[[str], None]) -> Options:
    """`yolo11n` and similar names only select a family and a size of this project's own detectors."""
    match = DETECTOR_NAME.fullmatch(options.weights or "")
    if not match:
        return options
    family = "anchor-based" if int(match[1]) in ANCHOR_BASED else "anchor-free"
    size = match[2].lower()
    if size not in ("n", "s", "m"):
        message = f"The hyperparameter 'weights' is '{options.weights}': the sizes are n, s and m."
        raise TrainingError("OPTION_INVALID", message)
    resolved = replace(options, weights=None, detector=options.detector or family, size=options.size or size)
    log(
        f"weights={options.weights} selects this project's own detector {resolved.detector}, "
        f"size {resolved.size}; it contains no weights or code of that name's project."
    )
    return resolved
