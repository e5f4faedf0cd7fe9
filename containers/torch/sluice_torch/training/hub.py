"""transformers models by hub name or folder. Only safetensors are read, and no code of a model runs."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ..error import TrainingError
from .weights import PICKLES, refuse_pickle

# Seconds: without a network the answer must not take minutes.
os.environ.setdefault("HF_HUB_ETAG_TIMEOUT", "10")
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")


class Unreachable(Exception):
    """Neither the hub nor its cache on this machine has the model."""


def find_base(asked: str | None, start: Path | None) -> str | None:
    """The hub name or folder of a transformers model; None for an own network."""
    folder = str(start) if start and start.is_dir() else None
    if asked is None or asked == "none":
        return folder
    if asked.startswith("s3://"):
        if folder:
            return folder
        message = f"baseModel={asked} needs the channel 'weights' with the files of this prefix."
        raise TrainingError("WEIGHTS_MISSING", message)
    if asked.startswith(("/", ".")) and not Path(asked).is_dir():
        raise TrainingError("WEIGHTS_MISSING", f"The folder baseModel={asked} does not exist.")
    return asked


def load_config(base: str, **changes: Any) -> Any:
    from transformers import AutoConfig

    if Path(base).is_dir():
        refuse_pickles_only(Path(base))
    try:
        return AutoConfig.from_pretrained(base, **changes)
    except (OSError, ValueError) as error:
        if Path(base).is_dir():
            message = f"{base} is not a folder of a transformers model: {first_line(error)}"
            raise TrainingError("WEIGHTS_INVALID", message) from error
        raise Unreachable(first_line(error)) from error


def load_model(load: Callable[..., Any], base: str, config: Any) -> Any:
    """`load` is `from_pretrained` of a transformers class."""
    try:
        return load(base, config=config, use_safetensors=True, ignore_mismatched_sizes=True)
    except (OSError, ValueError) as error:
        if "safetensors" in str(error):
            raise refuse_pickle(f"The model {base} without safetensors") from error
        if Path(base).is_dir():
            raise TrainingError("WEIGHTS_INVALID", f"{base} cannot be loaded: {first_line(error)}") from error
        raise Unreachable(first_line(error)) from error


def refuse_pickles_only(folder: Path) -> None:
    names = [file.name for file in folder.iterdir()]
    pickles = [name for name in names if name.lower().endswith(PICKLES)]
    if pickles and not any(name.endswith(".safetensors") for name in names):
        raise refuse_pickle(pickles[0])


def first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


def layers_of(model: Any) -> Any:
    """The encoder layers: the longest list of modules."""
    from torch import nn

    lists = [module for module in model.modules() if isinstance(module, nn.ModuleList)]
    return max(lists, key=len, default=nn.ModuleList())
