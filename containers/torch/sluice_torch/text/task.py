"""Text classification."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from ..context import Context
from ..data.items import Items
from ..data.loader import BatchOrder, Loader, SequentialOrder, Workers
from ..data.split import class_weights, require_enough_items
from ..training.classification import compare_logits, evaluate_logits
from ..training.runtime import Runtime
from ..training.task import Evaluation, Export, Feeds, Plan, Run
from .bert import BertNetwork
from .encoder import TextNetwork
from .network import choose_network, describe
from .plan import choose_plan
from .read import drop_unreadable, read_text
from .samples import Collate, TextSamples
from .tokenizer import to_bytes

TOKENIZER_FILE = "tokenizer.json"
EVALUATION_BATCH = 32
HELD_OUT = 200
CALIBRATION = 128
MAX_BATCH = 8


class TextTask:
    def __init__(self, context: Context) -> None:
        self.context = context
        self.classes = context.classes
        for name in ("train", "held"):
            items, bad = drop_unreadable(getattr(context, name), context.log, context.stopping)
            setattr(context, name, items)
            context.unreadable += bad
        require_enough_items(context.train, context.held, self.classes)
        context.warn_of_missing_classes(context.train.labels)
        self.choice = choose_network(context)
        self.plan: Plan = choose_plan(self.choice.options, base=self.choice.base)
        self.file = to_bytes(self.choice.tokenizer)
        self.tokenizer = self.choice.tokenizer
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(self.choice.max_length)
        options, labels = context.options, context.train.labels
        self.weights = class_weights(labels, self.classes, options.class_weights, context.dataset_weights())
        # Tokenizing is fast: one process keeps ahead of the training.
        workers = Workers(min(1, Workers.choose(options.workers, 1, context.log).count))
        order = BatchOrder(len(labels), self.plan.batch_size, options.seed)
        collate = Collate(self.pad)
        self.loader = Loader(TextSamples(context.train, self.tokenizer, labels), order, workers, collate)
        held = TextSamples(context.held, self.tokenizer, context.held.labels)
        self.held_loader = Loader(held, SequentialOrder(len(context.held), EVALUATION_BATCH), workers, collate)

    @property
    def pad(self) -> int:
        for name in ("[PAD]", "<pad>"):
            found = self.tokenizer.token_to_id(name)
            if found is not None:
                return found
        return 0

    def build(self) -> nn.Module:
        return self.choice.build()

    def steps(self) -> int:
        return len(self.loader)

    def batches(self, epoch: int, first: int) -> Iterator[Any]:
        return self.loader.batches(epoch, first)

    def loss(self, model: nn.Module, batch: tuple[dict[str, Tensor], Tensor]) -> Tensor:
        feeds, labels = batch
        logits = model(**feeds)
        weights = torch.from_numpy(self.weights).to(logits.device)
        return functional.cross_entropy(logits.float(), labels, weights)

    def evaluate(self, model: nn.Module, runtime: Runtime) -> Evaluation:
        found, labels = [], []
        with torch.no_grad(), runtime.autocast():
            for feeds, expected in runtime.each(self.held_loader.batches()):
                found.append(model(**feeds).float().cpu().numpy())
                labels.append(expected.cpu().numpy())
        return evaluate_logits(np.concatenate(found), np.concatenate(labels), self.classes)

    def export(self, model: nn.Module) -> Export:
        assert isinstance(model, BertNetwork | TextNetwork)
        names = ["input_ids", "attention_mask"]
        if isinstance(model, BertNetwork) and model.takes_types:
            names.append("token_type_ids")
        axes = {0: "batch", 1: "length"}
        return Export(
            module=model,
            example={name: torch.full((2, 8), int(name != "token_type_ids")) for name in names},
            dynamic=dict.fromkeys(names, axes),
            manifest={
                "input": {
                    "kind": "text",
                    "maxLength": self.choice.max_length,
                    "tokenizer": {"kind": "file", "file": TOKENIZER_FILE},
                },
                "output": {"head": "logits"},
                "maxBatch": MAX_BATCH,
            },
            files={TOKENIZER_FILE: self.file},
            held_out=lambda: islice(self._feeds(self.context.held), HELD_OUT),
            compare=compare_logits,
            calibration=lambda: islice(self._feeds(self.context.train), CALIBRATION),
            measure=self._measure,
            weights=model.state_dict(),
            architecture=describe(model, self.file, self.choice.max_length),
        )

    def _feeds(self, items: Items) -> Iterable[Feeds]:
        for index in np.random.default_rng(0).permutation(len(items)):
            yield self._encode(items, int(index))

    def _encode(self, items: Items, index: int) -> Feeds:
        ids = np.array([self.tokenizer.encode(read_text(items[index])).ids], np.int64)
        return {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}

    def _measure(self, run: Run) -> float:
        held = self.context.held
        right = [run(self._encode(held, index))[0].argmax() == held.labels[index] for index in range(len(held))]
        return float(np.mean(right))

    def close(self) -> None:
        self.loader.close()
        self.held_loader.close()
