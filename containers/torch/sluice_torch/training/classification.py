"""Metrics of a classifier, in the format that the other trainer and evaluations use."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .task import Evaluation


def softmax(logits: NDArray[np.float32]) -> NDArray[np.float64]:
    powers = np.exp(logits.astype(np.float64) - logits.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def evaluate_logits(logits: NDArray[np.float32], labels: NDArray[np.int64], classes: Sequence[str]) -> Evaluation:
    probabilities = softmax(logits)
    right = probabilities[np.arange(len(labels)), labels]
    loss = float(-np.log(np.maximum(right, 1e-12)).mean())
    confusion = np.zeros((len(classes), len(classes)), np.int64)
    np.add.at(confusion, (labels, logits.argmax(axis=1)), 1)
    accuracy = float(np.trace(confusion) / max(1, len(labels)))
    details = {"perClass": class_reports(confusion, classes), "confusion": confusion.tolist()}
    # Accuracy on few items has ties, which the loss decides.
    return Evaluation({"loss": loss, "accuracy": accuracy}, accuracy, (accuracy, -loss), details)


def class_reports(confusion: NDArray[np.int64], classes: Sequence[str]) -> list[dict[str, Any]]:
    """Zero where the denominator is zero, as in scikit-learn."""
    reports = []
    for index, name in enumerate(classes):
        right = int(confusion[index, index])
        predicted, support = int(confusion[:, index].sum()), int(confusion[index].sum())
        precision = right / predicted if predicted else 0.0
        recall = right / support if support else 0.0
        f1 = 2 * precision * recall / (precision + recall) if right else 0.0
        report = {"class": name, "precision": precision, "recall": recall, "f1": f1, "support": support}
        reports.append(report)
    return reports


# Two classes with equal probability are equally right.
TIE = 1e-4
MAX_DIFFERENCE = 1e-3


def compare_logits(expected: NDArray[np.float32], actual: NDArray[np.float32]) -> str | None:
    """Returns how an exported classifier's output differs from PyTorch's."""
    one, other = softmax(expected)[0], softmax(actual)[0]
    difference = float(np.abs(one - other).max())
    if not difference <= MAX_DIFFERENCE:
        return f"a probability differs by {difference:.4f}"
    if one.argmax() != other.argmax() and one.max() - one[other.argmax()] > TIE:
        return "the class differs"
    return None
