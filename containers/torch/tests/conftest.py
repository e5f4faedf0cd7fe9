import os

# Before transformers is imported: tests use no network.
os.environ["HF_HUB_OFFLINE"] = "1"

from pathlib import Path

import pytest
from job import Job


@pytest.fixture
def job(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Job:
    return Job(tmp_path, monkeypatch, capsys)
