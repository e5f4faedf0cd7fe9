"""The weights that a training starts from. Only safetensors are read: a pickle can run code when it is loaded."""

import json
import shutil
import tarfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from ..error import TrainingError

FILE = "weights.safetensors"
HEADER = "sluice"
FORMAT = 1
PICKLES = (".pt", ".pth", ".bin", ".ckpt", ".pkl", ".pickle", ".pkl.gz")
ARCHIVES = (".tar.gz", ".tgz")


@dataclass(frozen=True)
class Weights:
    task: str
    # Builds the same network again.
    architecture: dict[str, Any]
    tensors: dict[str, Tensor]


def find_weights(asked: str | None, channel: Path, scratch: Path) -> Path | None:
    """The file or the transformers folder to start from; None to start from nothing."""
    if asked == "none":
        return None
    if asked is None or asked.startswith("s3://"):
        if channel.is_dir() and any(channel.iterdir()):
            return locate(channel, scratch)
        if asked:
            message = f"weights={asked} needs the channel 'weights' with the files of this prefix."
            raise TrainingError("WEIGHTS_MISSING", message)
        return None
    if not Path(asked).exists():
        message = f"weights={asked} does not exist. Name a .safetensors file, a package, or none."
        raise TrainingError("WEIGHTS_MISSING", message)
    return locate(Path(asked), scratch)


def locate(path: Path, scratch: Path) -> Path:
    files = [path] if path.is_file() else sorted(each for each in path.rglob("*") if each.is_file())
    if path.is_dir() and (path / "config.json").exists():
        return path
    for file in files:
        if file.name.endswith(".safetensors"):
            return file
        if file.name.endswith(ARCHIVES):
            return extract_weights(file, scratch)
    pickle = next((file for file in files if file.name.lower().endswith(PICKLES)), None)
    if pickle:
        raise refuse_pickle(pickle.name)
    message = f"{path.name} contains no .safetensors file and no package with {FILE}."
    raise TrainingError("WEIGHTS_MISSING", message)


def refuse_pickle(name: str) -> TrainingError:
    message = (
        f"{name} is a pickle, which can run code when it is loaded, so it is not read. Convert it to safetensors, or "
        "export it to ONNX and serve it: sluice provision MODEL --package best.onnx --head yolov8."
    )
    return TrainingError("WEIGHTS_PICKLE", message)


def extract_weights(archive: Path, scratch: Path) -> Path:
    """Only the one file, under a name of our own: paths in an archive are not trusted."""
    target = scratch / FILE
    try:
        with tarfile.open(archive) as opened:
            member = next((each for each in opened if each.isfile() and Path(each.name).name == FILE), None)
            source = opened.extractfile(member) if member else None
            if source:
                with target.open("wb") as out:
                    shutil.copyfileobj(source, out)
                return target
    except (tarfile.TarError, OSError, EOFError) as error:
        raise TrainingError("WEIGHTS_INVALID", f"{archive.name} is not a package: {error}.") from error
    message = f"{archive.name} has no {FILE}. Train its version again with --keep-weights yes, or start from none."
    raise TrainingError("WEIGHTS_MISSING", message)


def read_weights(file: Path, task: str) -> Weights:
    try:
        with safe_open(file, "pt") as opened:
            header = json.loads((opened.metadata() or {})[HEADER])
            tensors = {name: opened.get_tensor(name) for name in opened.keys()}  # noqa: SIM118
            found = Weights(header["task"], header["architecture"], tensors)
    except KeyError as error:
        message = f"{file.name} was not written by this trainer. Use the {FILE} of one of its packages."
        raise TrainingError("WEIGHTS_INVALID", message) from error
    except (SafetensorError, ValueError, TypeError, OSError) as error:
        message = f"{file.name} is not a safetensors file: {error}. Use the {FILE} of a package."
        raise TrainingError("WEIGHTS_INVALID", message) from error
    if found.task != task:
        message = f"{file.name} is of a model for {found.task}; this training is for {task}."
        raise TrainingError("WEIGHTS_MISMATCH", message)
    return found


def write_weights(file: Path, task: str, architecture: Mapping[str, Any], tensors: Mapping[str, Tensor]) -> None:
    """Half precision: a start for a training needs no more, and the package stays small."""
    half = {name: halve(tensor).cpu().contiguous().clone() for name, tensor in tensors.items()}
    header = {"format": FORMAT, "task": task, "architecture": dict(architecture)}
    save_file(half, file, {HEADER: json.dumps(header)})


def halve(tensor: Tensor) -> Tensor:
    """Statistics of a normalisation can be too large for it."""
    if tensor.dtype != torch.float32:
        return tensor
    half = tensor.half()
    return half if bool(half.isfinite().all()) else tensor


def load_weights(model: nn.Module, weights: Weights, head: str, log: Callable[[str], None]) -> None:
    """Tensors whose name starts with `head` are skipped where the classes differ."""
    own = model.state_dict()
    fitting = {name: each for name, each in weights.tensors.items() if name in own and each.shape == own[name].shape}
    others = sorted(name for name in own if name not in fitting)
    wrong = [name for name in others if not name.startswith(head)]
    if wrong:
        message = f"The weights do not fit this network: {wrong[0]} is missing or has another shape. "
        raise TrainingError("WEIGHTS_MISMATCH", message + "Leave out size, or use the one of the weights.")
    model.load_state_dict({name: each.to(own[name].dtype) for name, each in fitting.items()}, strict=False)
    log(f"weights: {len(fitting)} tensors loaded; {len(others)} of the head start new")
