# The Python environment of the container torch, for its tests. Sourced by .ci/run.
# It lies in the cache folder of .ci/tools.sh; `sluice setup` compares the digest of its requirements.
export SLUICE_TORCH="$tools/torch"

install_torch() {
  PIP_RETRIES=0 npm run --silent sluice -- setup torch &&
    PIP_RETRIES=0 "$SLUICE_TORCH/venv/bin/pip" install --quiet --disable-pip-version-check \
      --requirement containers/torch/requirements-dev.txt
}

test_torch() (
  cd containers/torch && export PYTHONDONTWRITEBYTECODE=1 PATH="$SLUICE_TORCH/venv/bin:$PATH" &&
    ruff check . && ruff format --check . && mypy && test_halves
)

# At the same time, because the networks of the tests use one thread.
test_halves() {
  pytest tests/detector &
  local half=$! code
  pytest --ignore tests/detector
  code=$?
  wait "$half" && return "$code"
}
