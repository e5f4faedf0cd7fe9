"""Trains one job: read, train, export, check, quantize, write the package."""

import hashlib
import json
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .context import Context
from .contract import Folders, write_json
from .data.channels import Input, read_channels
from .error import StopRequested, TrainingError
from .export.check import check_export
from .export.onnx import export_onnx, open_model
from .export.package import MODEL_FILE, write_package
from .options import Options
from .quantize.compare import Comparison, compare
from .quantize.int8 import quantize
from .training.checkpoint import Checkpoints
from .training.loop import Fitted, fit
from .training.runtime import Runtime, choose_device, make_repeatable
from .training.task import Export, Task, count_parameters

# Options that may change when an interrupted training resumes.
CHANGEABLE = ("epochs", "patience", "workers", "cacheMegabytes", "quantize", "quantizeMaxLoss", "keepWeights")


def train(
    options: Options,
    folders: Folders,
    scratch: Path,
    lineage: dict[str, str],
    log: Callable[[str], None],
    stopping: Callable[[], bool],
) -> str:
    """Returns the version of the package."""
    started = time.monotonic()
    device = choose_device(options.device, log)
    make_repeatable(device, options.seed)
    found = read_channels(folders.channels, scratch)
    task_name = options.task or found.task()
    context = create_context(options, found, folders, scratch, log, stopping)
    try:
        task = create_task(task_name, context)
    except StopRequested as error:
        raise stopped_early() from error
    try:
        runtime = Runtime(device, log, stopping)
        fingerprint = create_fingerprint(options, context.classes, found)
        checkpoints = Checkpoints(folders.checkpoints, fingerprint, log, runtime.clock)
        fitted = fit(task, runtime, options.seed, checkpoints)
    except StopRequested as error:
        raise stopped_early() from error
    finally:
        task.close()
    metrics = summarise(fitted, context, task)
    metrics["seconds"] = round(time.monotonic() - started, 1)
    export = task.export(fitted.model.cpu())
    folders.model.mkdir(parents=True, exist_ok=True)
    export_onnx(export, folders.model / MODEL_FILE)
    metrics["exportCheckedItems"] = check_export(export, open_model(folders.model / MODEL_FILE), log)
    # A stopped job has little time left.
    if options.quantize == "int8" and fitted.stopped_by != "signal":
        metrics["quantization"] = try_int8(export, folders.model / MODEL_FILE, options, scratch, log).to_json()
    return finish(task_name, context, fitted, export, metrics, folders, lineage)


def create_context(
    options: Options,
    found: Input,
    folders: Folders,
    scratch: Path,
    log: Callable[[str], None],
    stopping: Callable[[], bool],
) -> Context:
    if len(found.train) == 0:
        message = "The job has no labelled items. Put class folders or a .jsonl list in the 'train' channel."
        raise TrainingError("DATA_MISSING", message)
    classes = found.resolve_classes(options.classes)
    train_items, held = found.finish(classes, options.validation_share, options.seed)
    log(f"classes={len(classes)}; train={len(train_items)}; validation={len(held)};")
    return Context(
        options,
        classes,
        train_items,
        held,
        found.prepared,
        dict(found.train.counts),
        scratch,
        folders.channels,
        log,
        stopping,
    )


def create_task(name: str, context: Context) -> Task:
    context.log(f"task={name};")
    if name == "image-classification":
        from .image.task import ImageTask

        return ImageTask(context)
    if name == "text-classification":
        from .text.task import TextTask

        return TextTask(context)
    if name == "object-detection":
        from .detector.task import DetectorTask

        return DetectorTask(context)
    raise TrainingError("TASK_UNAVAILABLE", f"This trainer has no task {name}.")


def create_fingerprint(options: Options, classes: list[str], found: Input) -> str:
    stated = {name: value for name, value in options.stated().items() if name not in CHANGEABLE}
    content = json.dumps([stated, classes, [store.digest for store in found.stores()]])
    return hashlib.sha256(content.encode()).hexdigest()


def summarise(fitted: Fitted, context: Context, task: Task) -> dict[str, Any]:
    state = fitted.state
    best = state.history[state.best_epoch - 1]
    return {
        **best.validation,
        **{name: value for name, value in state.best_details.items() if name != "confusion"},
        "epochs": len(state.history),
        "bestEpoch": state.best_epoch,
        "stoppedBy": fitted.stopped_by,
        "train": len(context.train),
        "validation": len(context.held),
        "unreadable": context.unreadable,
        "parameters": count_parameters(fitted.model),
    }


def try_int8(export: Export, model: Path, options: Options, scratch: Path, log: Callable[[str], None]) -> Comparison:
    quantized = scratch / "int8.onnx"
    quantize(model, quantized, export.calibration(), scratch, [])
    result = compare(export, model, quantized, options.quantize_max_loss)
    log(f"quantize: {'int8 is kept' if result.kept else 'fp32 is kept'}: {result.reason}")
    if result.kept:
        shutil.copyfile(quantized, model)
    return result


def finish(
    task_name: str,
    context: Context,
    fitted: Fitted,
    export: Export,
    metrics: dict[str, Any],
    folders: Folders,
    lineage: dict[str, str],
) -> str:
    prepared, options = context.prepared, context.options
    training = {"trainer": "torch", "hyperparameters": options.stated(), **lineage}
    if prepared and prepared.id:
        training["dataset"] = prepared.id
    about: dict[str, Any] = {
        "model": options.model,
        "task": task_name,
        "classes": context.classes,
        "training": training,
        "metrics": metrics,
    }
    if prepared and prepared.digest:
        about["datasetDigest"] = prepared.digest
    version = write_package(folders.model, export, about, keep_weights=options.keep_weights)
    history = [report.to_json() for report in fitted.state.history]
    everything = {**metrics, **fitted.state.best_details, "classes": context.classes, "history": history}
    for folder in (folders.model, folders.output):
        write_json(folder / "metrics.json", everything)
    best = fitted.state.history[fitted.state.best_epoch - 1].validation
    figures = " ".join(f"validation:{name}={value:.4f};" for name, value in best.items())
    context.log(f"final; version={version}; {figures}")
    return version


def stopped_early() -> TrainingError:
    return TrainingError("STOPPED_EARLY", "The job was stopped before the first epoch, so there is no model.")
