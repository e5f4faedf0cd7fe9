"""Detectors of both families learn plain scenes in seconds."""

import numpy as np
import pytest
import torch

from sluice_torch.detector.anchors import fit_anchors
from sluice_torch.detector.loss import detector_losses, edge_loss
from sluice_torch.detector.name import FAMILIES, HEADS, Family
from sluice_torch.detector.network import create_detector
from sluice_torch.detector.precision import PrecisionCounts
from sluice_torch.detector.read import Thresholds, read_detections
from sluice_torch.detector.targets import join_targets

from .scenes import random_scene


@pytest.mark.parametrize("family", FAMILIES)
def test_a_detector_learns_thin_and_square_boxes(family: Family) -> None:
    torch.manual_seed(1)
    chance = np.random.default_rng(1)
    scenes = [random_scene(chance, 64, 64) for _ in range(8)]
    anchors = fit_anchors(np.concatenate([one.boxes[:, 2:] - one.boxes[:, :2] for one in scenes]), seed=1)
    detector = create_detector(family, "n", 3, torch.from_numpy(anchors))
    images = torch.from_numpy(np.stack([one.pixels for one in scenes])).permute(0, 3, 1, 2).float() / 255
    targets = join_targets([(one.boxes, one.classes) for one in scenes])
    optimizer = torch.optim.AdamW(detector.parameters(), lr=2e-3)
    for _ in range(70):
        losses = detector_losses(detector, detector.predict(images), targets)
        optimizer.zero_grad()
        losses.total.backward()
        optimizer.step()
    for module in detector.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.momentum = 0.5
    with torch.no_grad():
        for _ in range(8):
            detector.predict(images)
        output = detector.eval()(images).numpy()
    counts = PrecisionCounts(["wall", "green", "blue"])
    for at, scene in enumerate(scenes):
        found = read_detections(output[at], HEADS[family], Thresholds(0.01, 0.5, 100))
        counts.add(found, scene.boxes, scene.classes)
    assert counts.finish().at50 > 0.9


def test_an_image_without_boxes_has_a_finite_loss_that_lowers_scores() -> None:
    torch.manual_seed(1)
    detector = create_detector("anchor-free", "n", 2)
    predictions = detector.predict(torch.rand(2, 3, 64, 64))
    nothing = join_targets([(np.zeros((0, 4), np.float32), np.zeros(0, np.int64))] * 2)
    losses = detector_losses(detector, predictions, nothing)
    losses.total.backward()
    assert losses.total.isfinite() and losses.overlap == 0
    bias = detector.head.scores[0].bias
    assert bias is not None and bias.grad is not None and (bias.grad > 0).all()


def test_class_weights_raise_the_loss_of_their_class_only() -> None:
    torch.manual_seed(1)
    detector = create_detector("anchor-free", "n", 2).eval()
    predictions = detector.predict(torch.rand(1, 3, 64, 64))
    boxes = np.array([[8, 8, 30, 30], [30, 40, 60, 50]], np.float32)
    targets = join_targets([(boxes, np.array([0, 1]))])

    def gradients(weights: list[float]) -> torch.Tensor:
        losses = detector_losses(detector, predictions, targets, torch.tensor(weights))
        return torch.autograd.grad(losses.total, predictions.logits, retain_graph=True)[0]

    plain, weighted = gradients([1.0, 1.0]), gradients([1.0, 5.0])
    ratio = (weighted / plain)[0]
    learnt = plain[0] < 0
    assert ratio[:, 1][learnt[:, 1]].mean() > 2 * ratio[:, 0][learnt[:, 0]].mean()


def test_a_pixel_matters_more_across_a_wall_than_along_it() -> None:
    wall = torch.tensor([[0.0, 100.0, 200.0, 105.0]])
    across = edge_loss(wall + torch.tensor([0.0, 1, 0, 1]), wall)
    along = edge_loss(wall + torch.tensor([1.0, 0, 1, 0]), wall)
    assert across > 20 * along
