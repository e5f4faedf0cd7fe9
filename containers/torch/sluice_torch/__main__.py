"""The program `train` of SageMaker's container contract."""

import sys
import tempfile
import traceback
from pathlib import Path

from .contract import Folders, StopSignal, read_lineage
from .error import TrainingError
from .options import read_options


def main(arguments: list[str]) -> int:
    if arguments not in ([], ["train"]):
        print(f"Unknown arguments: {' '.join(arguments)}. The only program is `train`.", file=sys.stderr)
        return 2
    folders = Folders.from_environment()
    stop = StopSignal()
    stop.install()
    try:
        options = read_options(folders.read_hyperparameters(), log)
        # Imported late: an invalid option fails within a second.
        from .train import train

        with tempfile.TemporaryDirectory(prefix="sluice-torch-") as scratch:
            train(options, folders, Path(scratch), read_lineage(), log, stop.requested)
        return 0
    except TrainingError as error:
        reason = str(error)
    except MemoryError:
        reason = "MEMORY: The job has too little memory. Use a larger instance, or a smaller batchSize or imageSize."
    except Exception:
        reason = traceback.format_exc(limit=-5)
    folders.write_failure(reason)
    log(f"failed: {reason}")
    return 1


def log(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
