"""The widths and depths of each size."""

from dataclasses import dataclass

from .name import Size

# Pixels of the input for one cell of each level, finest first.
STRIDES = (8, 16, 32)


@dataclass(frozen=True)
class Spec:
    """Channels and blocks of one size. Multiples of 16 fill the vector registers of CPUs."""

    stem: int
    # Of the stages with the strides 8, 16 and 32.
    widths: tuple[int, int, int]
    # Residual blocks in each stage.
    depths: tuple[int, int, int]
    # Of the feature pyramid and the heads.
    neck: int
    # 3x3 convolutions in each branch of a head.
    tower: int


SPECS: dict[Size, Spec] = {
    "n": Spec(stem=32, widths=(64, 128, 192), depths=(2, 2, 1), neck=64, tower=1),
    "s": Spec(stem=48, widths=(96, 192, 288), depths=(2, 3, 2), neck=96, tower=2),
    "m": Spec(stem=64, widths=(160, 320, 448), depths=(3, 4, 3), neck=160, tower=2),
}
