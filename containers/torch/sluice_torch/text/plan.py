"""Defaults of text classification."""

from dataclasses import replace

from ..options import Options
from ..training.task import Plan

MAX_LENGTH = 256
LAYERS = 2
DROPOUT = 0.3
BATCH_SIZE = 16
CLIP_NORM = 1.0

# A base model knows the language: few small steps.
BASE_EPOCHS = 3
BASE_RATE = 2e-5
BASE_DECAY = 0.01

# The own encoder learns the language too.
OWN_EPOCHS = 40
OWN_RATE = 1e-3
OWN_DECAY = 0.05
OWN_PATIENCE = 15
OWN_EMA_DECAY = 0.99
WARMUP_STEPS = 20


def choose_plan(options: Options, *, base: bool) -> Plan:
    return Plan(
        epochs=options.epochs or (BASE_EPOCHS if base else OWN_EPOCHS),
        batch_size=options.batch_size or BATCH_SIZE,
        learning_rate=options.learning_rate or (BASE_RATE if base else OWN_RATE),
        weight_decay=options.weight_decay if options.weight_decay is not None else BASE_DECAY if base else OWN_DECAY,
        patience=options.patience or (None if base else OWN_PATIENCE),
        min_delta=options.min_delta,
        warmup_steps=WARMUP_STEPS,
        ema_decay=OWN_EMA_DECAY if options.ema or (options.ema is None and not base) else None,
        clip_norm=CLIP_NORM,
    )


def without_base(options: Options) -> Options:
    """Numbers that were chosen for the base model train nothing from scratch."""
    return replace(options, base_model=None, epochs=None, learning_rate=None, trainable_layers=None, patience=None)
