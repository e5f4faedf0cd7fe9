class TrainingError(Exception):
    """A user error. Its message becomes the job's FailureReason: keep it short, and name the fix."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code


class StopRequested(Exception):
    """SIGTERM arrived. The loop saves a checkpoint and ends."""
