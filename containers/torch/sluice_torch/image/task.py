"""Image classification: own small networks, and vision models of transformers."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from ..context import Context
from ..data.images import ImageSource, drop_unreadable
from ..data.loader import BatchOrder, Loader, SequentialOrder, Workers
from ..data.split import class_weights, require_enough_items
from ..training.classification import compare_logits, evaluate_logits
from ..training.runtime import Runtime
from ..training.task import Evaluation, Export, Feeds, Plan, Run
from .augment import Augmentation
from .backbone import HubNetwork
from .choice import choose_network, describe
from .network import ImageNetwork
from .plan import choose_augmentation, choose_plan
from .samples import ImageSamples, collate

EVALUATION_BATCH = 32
HELD_OUT = 200
CALIBRATION = 128
MAX_BATCH = 8


class ImageTask:
    def __init__(self, context: Context) -> None:
        options = context.options
        self.context = context
        self.classes = context.classes
        self.choice = choose_network(context)
        self.side, self.normalisation = self.choice.side, self.choice.normalisation
        self.plan: Plan = choose_plan(options, fine_tuning=self.choice.fine_tuning, hub=self.choice.hub)
        self.augmentation: Augmentation = choose_augmentation(options)
        self._read_images()

    def _read_images(self) -> None:
        context, size = self.context, (self.side, self.side)
        options = context.options
        batch_bytes = self.plan.batch_size * self.side * self.side * 3
        workers = Workers.choose(options.workers, batch_bytes, context.log)
        sources = []
        for name, items in (("train", context.train), ("validation", context.held)):
            source = ImageSource(items, size, "stretch", context.scratch, name, context.cache_bytes)
            context.unreadable += drop_unreadable(source, workers, context.log, context.stopping)
            sources.append(source)
        self.source, self.held = sources
        require_enough_items(self.source.items, self.held.items, self.classes)
        context.warn_of_missing_classes(self.source.items.labels)
        labels = self.source.items.labels
        self.weights = class_weights(labels, self.classes, options.class_weights, context.dataset_weights())
        samples = ImageSamples(self.source, labels, options.seed, self.augmentation)
        order = BatchOrder(len(labels), self.plan.batch_size, options.seed)
        self.loader = Loader(samples, order, workers, collate)
        held = ImageSamples(self.held, self.held.items.labels)
        few = Workers(min(1, workers.count))
        self.held_loader = Loader(held, SequentialOrder(len(self.held), EVALUATION_BATCH), few, collate)

    def build(self) -> nn.Module:
        return self.choice.build().to(memory_format=torch.channels_last)  # type: ignore[call-overload]

    def steps(self) -> int:
        return len(self.loader)

    def batches(self, epoch: int, first: int) -> Iterator[Any]:
        return self.loader.batches(epoch, first)

    def loss(self, model: nn.Module, batch: tuple[Tensor, Tensor]) -> Tensor:
        pixels, labels = batch
        logits = model(self._prepare(pixels))
        weights = torch.from_numpy(self.weights).to(logits.device)
        return functional.cross_entropy(logits.float(), labels, weights)

    def _prepare(self, pixels: Tensor) -> Tensor:
        return self.normalisation.apply(pixels).to(memory_format=torch.channels_last)

    def evaluate(self, model: nn.Module, runtime: Runtime) -> Evaluation:
        found, labels = [], []
        with torch.no_grad(), runtime.autocast():
            for pixels, expected in runtime.each(self.held_loader.batches()):
                found.append(model(self._prepare(pixels)).float().cpu().numpy())
                labels.append(expected.cpu().numpy())
        return evaluate_logits(np.concatenate(found), np.concatenate(labels), self.classes)

    def export(self, model: nn.Module) -> Export:
        plain = model.to(memory_format=torch.contiguous_format)  # type: ignore[call-overload]
        assert isinstance(plain, ImageNetwork | HubNetwork)
        return Export(
            module=plain,
            example={"pixels": torch.zeros(2, 3, self.side, self.side)},
            dynamic={"pixels": {0: "batch"}},
            manifest={
                "input": {
                    "kind": "image",
                    "width": self.side,
                    "height": self.side,
                    "resize": "stretch",
                    "normalise": self.normalisation.to_json(),
                },
                "output": {"head": "logits"},
                "maxBatch": MAX_BATCH,
            },
            files={},
            held_out=lambda: islice(self._feeds(self.held), HELD_OUT),
            compare=compare_logits,
            calibration=lambda: islice(self._feeds(self.source), CALIBRATION),
            measure=self._measure,
            weights=plain.state_dict(),
            architecture=describe(plain, self.choice),
        )

    def _feeds(self, source: ImageSource) -> Iterable[Feeds]:
        """Items spread over the source, whose order may be by class."""
        for index in np.random.default_rng(0).permutation(len(source)):
            yield {"pixels": self._tensor(source, int(index))}

    def _tensor(self, source: ImageSource, index: int) -> NDArray[np.float32]:
        pixels = torch.from_numpy(source.read(index).pixels.transpose(2, 0, 1)[None].copy())
        return self.normalisation.apply(pixels).numpy()

    def _measure(self, run: Run) -> float:
        labels = self.held.items.labels
        right = [
            run({"pixels": self._tensor(self.held, index)})[0].argmax() == labels[index] for index in range(len(labels))
        ]
        return float(np.mean(right))

    def close(self) -> None:
        self.loader.close()
        self.held_loader.close()
