"""Parsers of hyperparameters, which arrive as strings. Each raises ValueError with the reason."""

import json
import math
from collections.abc import Callable
from typing import Any

Parser = Callable[[str], Any]


def text(value: str) -> str:
    if not value.strip():
        raise ValueError("is empty")
    return value.strip()


def flag(value: str) -> bool:
    if value.lower() not in ("true", "false"):
        raise ValueError("must be true or false")
    return value.lower() == "true"


def whole(low: int, high: int) -> Parser:
    def parse(value: str) -> int:
        try:
            number = int(text(value))
        except ValueError as error:
            raise ValueError(f"must be a whole number from {low} to {high}") from error
        if not low <= number <= high:
            raise ValueError(f"must be a whole number from {low} to {high}")
        return number

    return parse


def number(low: float, high: float) -> Parser:
    def parse(value: str) -> float:
        try:
            found = float(text(value))
        except ValueError as error:
            raise ValueError(f"must be a number from {low:g} to {high:g}") from error
        if math.isnan(found) or not low <= found <= high:
            raise ValueError(f"must be a number from {low:g} to {high:g}")
        return found

    return parse


def one_of(*names: str) -> Parser:
    def parse(value: str) -> str:
        if value not in names:
            raise ValueError(f"must be one of: {', '.join(names)}")
        return value

    return parse


def names(value: str) -> tuple[str, ...]:
    """A JSON array, or names with commas between them."""
    found: Any = [name.strip() for name in value.split(",")]
    if value.lstrip().startswith("["):
        try:
            found = json.loads(value)
        except json.JSONDecodeError as error:
            raise ValueError("is not a JSON array") from error
    if not all(isinstance(name, str) and name for name in found):
        raise ValueError("must contain names only")
    if len(set(found)) != len(found):
        raise ValueError("must not repeat a name")
    return tuple(found)
