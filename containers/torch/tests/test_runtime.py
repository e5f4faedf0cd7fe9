"""The precision of a CPU follows the flags that Linux lists for it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from sluice_torch.training import runtime
from sluice_torch.training.runtime import Runtime, choose_device


@pytest.fixture(autouse=True)
def forget_cpu() -> Iterator[None]:
    runtime.cpu_has_bfloat16.cache_clear()
    yield
    runtime.cpu_has_bfloat16.cache_clear()


@pytest.mark.parametrize(
    ("flags", "precision"),
    [
        ("fpu sse2 avx512f avx512_bf16 clzero", torch.bfloat16),
        ("fpu sse2 amx_bf16 avx512_fp16", torch.bfloat16),
        ("fpu sse2 avx2 avx512f avx512_vnni", torch.float32),
        (None, torch.float32),
    ],
)
def test_a_cpu_with_bfloat16_uses_it(
    flags: str | None, precision: torch.dtype, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    info = tmp_path / "cpuinfo"
    if flags is not None:
        info.write_text(f"processor\t: 0\nmodel name\t: test\nflags\t\t: {flags}\n")
    monkeypatch.setattr(runtime, "CPU_INFO", str(info))
    lines: list[str] = []
    found = Runtime(choose_device("cpu", lines.append), lines.append, lambda: False)
    assert found.precision == precision
    assert lines[0].endswith(f"precision={str(precision).removeprefix('torch.')};")
    with found.autocast():
        assert torch.nn.Linear(2, 2)(torch.ones(1, 2)).dtype == precision
