"""Object detection with own anchor-free and anchor-based networks."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from ..context import Context
from ..data.images import ImageSource, drop_unreadable
from ..data.loader import BatchOrder, Loader, SequentialOrder, Workers
from ..training.runtime import Runtime
from ..training.task import Evaluation, Export, Feeds, Plan, Run
from .choice import choose_network, describe, sample_sizes
from .compare import comparison
from .data import box_weights, require_boxes
from .evaluate import THRESHOLDS, evaluate_detector
from .loss import detector_losses
from .name import HEADS
from .network import Detector
from .plan import choose_augmentation, choose_plan, choose_profile, describe_plan, mosaic_epochs
from .precision import PrecisionCounts
from .read import read_detections
from .resize import random_size, resize_batch
from .samples import Batch, HeldSamples, TrainingSamples, collate, read_letterboxed, read_plain, targets_of

EVALUATION_BATCH = 8
HELD_OUT = 200
CALIBRATION = 128
MAX_BATCH = 4


class DetectorTask:
    def __init__(self, context: Context) -> None:
        options = context.options
        self.context = context
        self.classes = context.classes
        on_gpu = options.device != "cpu" and torch.cuda.is_available()
        profile = choose_profile(options.profile, on_gpu)
        self.augmentation = choose_augmentation(options, profile)
        self.choice = choose_network(context, profile, square=self.augmentation.quarter_turns)
        self.plan: Plan = choose_plan(options, profile, len(context.train))
        self._read_images()
        context.log(describe_plan(profile, self.choice.family, self.choice.size, self.choice.shape, self.plan))

    def _read_images(self) -> None:
        context, options, shape = self.context, self.context.options, self.choice.shape
        workers = Workers.choose(options.workers, self.plan.batch_size * shape[0] * shape[1] * 3, context.log)
        sources = []
        for name, items in (("train", context.train), ("validation", context.held)):
            source = ImageSource(items, shape, "letterbox", context.scratch, name, context.cache_bytes)
            context.unreadable += drop_unreadable(source, workers, context.log, context.stopping)
            sources.append(source)
        self.source, self.held = sources
        require_boxes(context, self.source.items, self.held.items)
        self.weights = box_weights(context)
        last = mosaic_epochs(self.plan)
        samples = TrainingSamples(self.source, options.seed, self.augmentation, last)
        order = BatchOrder(len(self.source), self.plan.batch_size, options.seed)
        self.loader = Loader(samples, order, workers, collate)
        few = Workers(min(1, workers.count))
        sequence = SequentialOrder(len(self.held), EVALUATION_BATCH)
        self.held_loader = Loader(HeldSamples(self.held), sequence, few, collate)

    def build(self) -> nn.Module:
        seed, count = self.context.options.seed, len(self.source)

        def sizes() -> NDArray[Any]:
            return sample_sizes(lambda index: read_plain(self.source, index).boxes, count, seed)

        detector = self.choice.build(len(self.classes), sizes, seed, self.context.log)
        detector.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        return detector

    def steps(self) -> int:
        return len(self.loader)

    def batches(self, epoch: int, first: int) -> Iterator[Any]:
        return self.loader.batches(epoch, first)

    def loss(self, model: nn.Module, batch: Batch) -> Tensor:
        assert isinstance(model, Detector)
        images, targets = prepare(batch[0]), targets_of(batch)
        if self.context.options.multi_scale:
            images, targets = resize_batch(images, targets, random_size(self.choice.shape))
        weights = None if self.weights is None else torch.from_numpy(self.weights).to(images.device)
        return detector_losses(model, model.predict(images), targets, weights).total

    def evaluate(self, model: nn.Module, runtime: Runtime) -> Evaluation:
        assert isinstance(model, Detector)
        return evaluate_detector(model, self.held_loader.batches(), prepare, self.classes, runtime)

    def export(self, model: nn.Module) -> Export:
        plain = model.to(memory_format=torch.contiguous_format)  # type: ignore[call-overload]
        assert isinstance(plain, Detector)
        width, height = self.choice.shape
        head = HEADS[plain.family]
        return Export(
            module=plain,
            example={"images": torch.zeros(2, 3, height, width)},
            dynamic={"images": {0: "batch"}},
            manifest={
                "input": {"kind": "image", "width": width, "height": height, "resize": "letterbox"},
                "output": {"head": head},
                "thresholds": {"confidence": 0.25, "iou": THRESHOLDS.overlap, "maxDetections": THRESHOLDS.limit},
                "maxBatch": MAX_BATCH,
            },
            files={},
            held_out=lambda: islice(self._feeds(self.held), HELD_OUT),
            compare=comparison(head),
            calibration=lambda: islice(self._feeds(self.source), CALIBRATION),
            measure=lambda run: self._measure(run, plain),
            weights=plain.state_dict(),
            architecture=describe(plain, self.choice.shape),
        )

    def _feeds(self, source: ImageSource) -> Iterable[Feeds]:
        """Items spread over the source."""
        for index in np.random.default_rng(0).permutation(len(source)):
            yield {"images": feed(source.read(int(index)).pixels)}

    def _measure(self, run: Run, detector: Detector) -> float:
        counts = PrecisionCounts(self.classes)
        for index in range(len(self.held)):
            scene = read_letterboxed(self.held, index)
            output = run({"images": feed(scene.pixels)})[0]
            counts.add(read_detections(output, HEADS[detector.family], THRESHOLDS), scene.boxes, scene.classes)
        return counts.finish().at50

    def close(self) -> None:
        self.loader.close()
        self.held_loader.close()


def prepare(pixels: Tensor) -> Tensor:
    return (pixels.float() / 255).contiguous(memory_format=torch.channels_last)


def feed(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    return prepare(torch.from_numpy(pixels.transpose(2, 0, 1)[None].copy())).contiguous().numpy()
