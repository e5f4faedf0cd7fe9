"""Defaults of image classification."""

from ..options import Options
from ..training.task import Plan
from .augment import Augmentation

IMAGE_SIZE = 128
SIZE = "s"
DROPOUT = 0.3
EPOCHS = 50
BATCH_SIZE = 16
# From nothing; a network that knows images already takes smaller steps.
LEARNING_RATE = 0.002
FINE_TUNING_RATE = 0.0005
HUB_RATE = 0.0001
WEIGHT_DECAY = 0.02
PATIENCE = 10
EMA_DECAY = 0.995
WARMUP_STEPS = 50
CLIP_NORM = 5.0


def choose_plan(options: Options, *, fine_tuning: bool, hub: bool) -> Plan:
    rate = HUB_RATE if hub else FINE_TUNING_RATE if fine_tuning else LEARNING_RATE
    return Plan(
        epochs=options.epochs or EPOCHS,
        batch_size=options.batch_size or BATCH_SIZE,
        learning_rate=options.learning_rate or rate,
        weight_decay=WEIGHT_DECAY if options.weight_decay is None else options.weight_decay,
        patience=options.patience or PATIENCE,
        min_delta=options.min_delta,
        warmup_steps=WARMUP_STEPS,
        ema_decay=None if options.ema is False else EMA_DECAY,
        clip_norm=CLIP_NORM,
    )


def choose_augmentation(options: Options) -> Augmentation:
    """The defaults suit upright pictures; a declaration turns on what fits its own."""

    def given(value: float | None, default: float) -> float:
        return default if value is None else value

    return Augmentation(
        flip_horizontal=options.flip_horizontal is not False,
        flip_vertical=options.flip_vertical is True,
        rotation=given(options.rotation, 0.03),
        zoom=given(options.zoom, 0.2),
        colour=given(options.colour, 0.2),
    )
