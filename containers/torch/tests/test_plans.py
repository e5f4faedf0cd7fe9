"""Each option of a training reaches its plan, its network or its augmentation, also the values 0 and false."""

from pathlib import Path

import pytest
from torch import nn

from sluice_torch.detector import plan as detector
from sluice_torch.error import TrainingError
from sluice_torch.image import plan as image
from sluice_torch.image.network import SHAPES, ImageNetwork
from sluice_torch.options import PARSERS, Options, read_options
from sluice_torch.text import plan as text
from sluice_torch.training.task import Plan, count_parameters

README = (Path(__file__).parents[1] / "README.md").read_text()
NAMES = ("model", "classes", "weights", "baseModel")


def plans(options: Options) -> list[Plan]:
    return [
        image.choose_plan(options, fine_tuning=False, hub=False),
        image.choose_plan(options, fine_tuning=True, hub=True),
        text.choose_plan(options, base=False),
        text.choose_plan(options, base=True),
        detector.choose_plan(options, detector.CPU, 100),
        detector.choose_plan(options, detector.GPU, 100),
    ]


@pytest.mark.parametrize(
    ("name", "given", "field", "value"),
    [
        ("epochs", "7", "epochs", 7),
        ("batchSize", "3", "batch_size", 3),
        ("learningRate", "0.5", "learning_rate", 0.5),
        ("weightDecay", "0", "weight_decay", 0),
        ("patience", "4", "patience", 4),
        ("minDelta", "0", "min_delta", 0),
        ("ema", "false", "ema_decay", None),
    ],
)
def test_the_numbers_of_a_training_are_in_the_plan_of_every_task(
    name: str, given: str, field: str, value: object
) -> None:
    options = read_options({name: given}, print)
    assert {getattr(plan, field) for plan in plans(options)} == {value}
    assert {getattr(plan, field) for plan in plans(Options())} != {value}


@pytest.mark.parametrize(
    ("name", "given", "field", "value"),
    [
        ("flipHorizontal", "false", "flip_horizontal", False),
        ("flipVertical", "true", "flip_vertical", True),
        ("zoom", "0", "zoom", 0),
        ("colour", "0", "colour", 0),
        ("rotation", "0.5", "rotation", 0.5),
        ("mosaic", "0.25", "mosaic", 0.25),
    ],
)
def test_augmentation_is_as_the_options_say(name: str, given: str, field: str, value: object) -> None:
    for options, equal in ((read_options({name: given}, print), True), (Options(), False)):
        found = [image.choose_augmentation(options), detector.choose_augmentation(options, detector.CPU)]
        values = [getattr(each, field) for each in found if hasattr(each, field)]
        assert values
        assert all((each == value) is equal for each in values)


def test_dropout_and_size_are_those_of_the_network() -> None:
    dropouts = [each.p for each in ImageNetwork("n", 2, 0.0).modules() if isinstance(each, nn.Dropout)]
    assert dropouts == [0.0]
    counts = [count_parameters(ImageNetwork(size, 2, 0.3)) for size in ("n", "s", "m")]
    assert counts == sorted(set(counts))
    assert list(SHAPES) == ["n", "s", "m"]


@pytest.mark.parametrize("name", [name for name in PARSERS if name not in NAMES])
def test_an_option_refuses_other_words(name: str) -> None:
    with pytest.raises(TrainingError, match=f"OPTION_INVALID: The hyperparameter '{name}' is '\\?': must be "):
        read_options({name: "?"}, print)


@pytest.mark.parametrize("name", PARSERS)
def test_the_readme_describes_every_option(name: str) -> None:
    assert f"`{name}`" in README
