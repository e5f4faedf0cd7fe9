"""Profiles: what a training does where an option has no value."""

import math
from dataclasses import dataclass

from ..options import Options
from ..training.task import Plan
from .augment.augment import Augmentation
from .name import Family, Size

# Sides of the input are multiples of it.
STEP = 32
WARMUP_SHARE = 0.05
# Rotation by at least this share of a turn includes quarter turns.
QUARTER = 0.25


@dataclass(frozen=True)
class Profile:
    name: str
    size: Size
    # The longest side of the input.
    image_size: int
    epochs: int
    # Small datasets are repeated until a training has seen this many images.
    least_images: int
    batch_size: int
    learning_rate: float
    weight_decay: float
    patience: int | None
    ema_decay: float
    zoom: float
    colour: float
    mosaic: float


# An hour on two cores with 560 plans; half an hour with 560 skies.
CPU = Profile(
    name="cpu",
    size="n",
    image_size=512,
    epochs=50,
    least_images=0,
    batch_size=8,
    learning_rate=0.002,
    weight_decay=0.05,
    patience=None,
    ema_decay=0.998,
    zoom=0.2,
    colour=0.4,
    mosaic=0.0,
)
GPU = Profile(
    name="gpu",
    size="s",
    image_size=640,
    epochs=100,
    least_images=0,
    batch_size=16,
    learning_rate=0.002,
    weight_decay=0.05,
    patience=30,
    ema_decay=0.999,
    zoom=0.4,
    colour=0.5,
    mosaic=0.5,
)
PROFILES = {"cpu": CPU, "gpu": GPU}

FAMILY: Family = "anchor-free"
CLIP_NORM = 10.0
MOSAIC_SHARE = 0.75


def choose_profile(asked: str | None, on_gpu: bool) -> Profile:
    return PROFILES[asked or ("gpu" if on_gpu else "cpu")]


def choose_plan(options: Options, profile: Profile, items: int) -> Plan:
    batch_size = options.batch_size or profile.batch_size
    epochs = options.epochs or max(profile.epochs, math.ceil(profile.least_images / max(1, items)))
    steps = epochs * max(1, items // batch_size)
    return Plan(
        epochs=epochs,
        batch_size=batch_size,
        learning_rate=options.learning_rate or profile.learning_rate,
        weight_decay=profile.weight_decay if options.weight_decay is None else options.weight_decay,
        patience=options.patience or profile.patience,
        min_delta=options.min_delta,
        warmup_steps=round(steps * WARMUP_SHARE),
        ema_decay=None if options.ema is False else profile.ema_decay,
        clip_norm=CLIP_NORM,
    )


def mosaic_epochs(plan: Plan) -> int:
    """The last epoch with combined images: after it, training shows whole images only, like the served model's."""
    return round(plan.epochs * MOSAIC_SHARE)


def choose_augmentation(options: Options, profile: Profile) -> Augmentation:
    def given(value: float | None, default: float) -> float:
        return default if value is None else value

    return Augmentation(
        flip_horizontal=options.flip_horizontal is not False,
        flip_vertical=options.flip_vertical is True,
        quarter_turns=given(options.rotation, 0) >= QUARTER,
        zoom=given(options.zoom, profile.zoom),
        colour=given(options.colour, profile.colour),
        mosaic=given(options.mosaic, profile.mosaic),
    )


def describe_plan(profile: Profile, family: Family, size: Size, shape: tuple[int, int], plan: Plan) -> str:
    width, height = shape
    return (
        f"profile={profile.name}; detector={family}; size={size}; input={width}x{height}; "
        f"epochs={plan.epochs}; batchSize={plan.batch_size};"
    )
