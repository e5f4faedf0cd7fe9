import os

# Before transformers is imported: tests use no network.
os.environ["HF_HUB_OFFLINE"] = "1"
# Threads of tiny networks mostly wait for each other, and much longer on a busy machine.
os.environ.setdefault("OMP_NUM_THREADS", "1")

from pathlib import Path

import pytest
from job import Job


@pytest.fixture
def job(tmp_path: Path) -> Job:
    return Job(tmp_path)
