"""Compares an exported model with PyTorch's outputs on held-out items."""

from collections.abc import Callable

import torch

from ..error import TrainingError
from ..training.task import Export, Run

HELD_OUT = 200


def check_export(export: Export, run: Run, log: Callable[[str], None]) -> int:
    """Returns the number of items that were compared."""
    module = export.module.cpu().eval()
    count = 0
    for feeds in export.held_out():
        with torch.no_grad():
            expected = module(*(torch.from_numpy(feeds[name]) for name in export.example))
        difference = export.compare(expected.numpy(), run(feeds))
        if difference:
            message = f"The exported model differs from PyTorch on held-out item {count + 1}: {difference}. "
            raise TrainingError("EXPORT_DIFFERS", message + "Report this with the job's log.")
        count += 1
        if count == HELD_OUT:
            break
    log(f"export: equal to PyTorch on {count} held-out items")
    return count
