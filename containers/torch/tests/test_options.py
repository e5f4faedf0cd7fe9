import pytest

from sluice_torch.error import TrainingError
from sluice_torch.options import Options, read_options


def read(**raw: str) -> tuple[Options, list[str]]:
    lines: list[str] = []
    return read_options(raw, lines.append), lines


def test_values_arrive_as_strings_with_or_without_quotes() -> None:
    options, _ = read(epochs="3", learningRate='"0.01"', classes='["a","b"]', trainOnlyTopLayer="true", model='"cats"')
    assert (options.epochs, options.learning_rate, options.classes) == (3, 0.01, ("a", "b"))
    assert options.train_only_top_layer is True
    assert options.model == "cats"


def test_zero_and_false_are_values() -> None:
    options, _ = read(dropoutRate="0", rotation="0", flipHorizontal="false")
    assert options.stated() | {"dropoutRate": 0.0, "rotation": 0.0, "flipHorizontal": False} == options.stated()


def test_older_names_of_options_are_accepted() -> None:
    options, _ = read(batch="8", dropout="0.1")
    assert (options.batch_size, options.dropout_rate) == (8, 0.1)


def test_unknown_hyperparameters_are_named_and_ignored() -> None:
    _, lines = read(num_layers="18", epochs="2")
    assert lines == ["ignored hyperparameters of other trainers: num_layers"]


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("epochs", "0", "whole number from 1 to 10000"),
        ("epochs", "", "is empty|whole number"),
        ("epochs", "2.5", "whole number"),
        ("learningRate", "nan", "number from 1e-07 to 10"),
        ("learningRate", "fast", "number from"),
        ("task", "regression", "one of: image-classification"),
        ("classes", "[a", "not a JSON array"),
        ("classes", '["a","a"]', "must not repeat"),
        ("ema", "maybe", "true or false"),
        ("device", "tpu", "one of: auto, cpu, gpu"),
        ("size", "xl", "one of: n, s, m"),
        ("quantize", "int4", "one of: none, int8"),
    ],
)
def test_an_invalid_value_is_an_error_with_its_name_and_range(name: str, value: str, reason: str) -> None:
    with pytest.raises(TrainingError, match=f"OPTION_INVALID: The hyperparameter '{name}' is '.*': .*({reason})"):
        read(**{name: value})


@pytest.mark.parametrize(
    ("name", "family", "size"),
    [("yolo11n", "anchor-free", "n"), ("yolov5m", "anchor-based", "m"), ("YOLOv8s", "anchor-free", "s")],
)
def test_a_detector_name_selects_an_own_family_and_size(name: str, family: str, size: str) -> None:
    options, lines = read(weights=name)
    assert (options.detector, options.size, options.weights) == (family, size, None)
    assert f"this project's own detector {family}, size {size}" in lines[0]


def test_stated_options_win_over_a_detector_name() -> None:
    options, _ = read(weights="yolov5m", detector="anchor-free", size="n")
    assert (options.detector, options.size) == ("anchor-free", "n")


def test_a_detector_name_of_another_size_is_an_error() -> None:
    with pytest.raises(TrainingError, match="the sizes are n, s and m"):
        read(weights="yolo11x")
