# What the conformance suites compare with: boto3, and version 2 of the aws command. Sourced by .ci/run.
# Both go into a cache folder, which .ci/run puts in front of PATH.
tools="${XDG_CACHE_HOME:-$HOME/.cache}/sluice-ci"

install_boto3() {
  "$tools/bin/python3" -c 'import boto3' 2>/dev/null && return
  python3 -m venv --clear "$tools" &&
    PIP_RETRIES=0 "$tools/bin/pip" install --quiet --requirement .ci/requirements.txt
}

# `aws logs tail` needs version 2, which PyPI does not have; Debian and Ubuntu do.
install_aws() {
  local aws
  for aws in /usr/local/bin/aws /usr/bin/aws; do is_version_2 "$aws" && break; done
  if ! is_version_2 "$aws"; then
    apt-get update -qq && apt-get install -y -qq --no-install-recommends awscli >/dev/null || return
  fi
  ln -sf "$aws" "$tools/bin/aws"
  is_version_2 "$tools/bin/aws"
}

is_version_2() { [[ $("$1" --version 2>/dev/null) == aws-cli/2.* ]]; }

install_tools() { install_boto3 && install_aws; }
