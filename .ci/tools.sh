# What the conformance suites compare with: boto3, and version 2 of the aws command. Sourced by .ci/run.
# Both go into a cache folder, which is put in front of PATH.

install_boto3() { # folder
  "$1/bin/python3" -c 'import boto3' 2>/dev/null && return
  python3 -m venv --clear "$1" && PIP_RETRIES=0 "$1/bin/pip" install --quiet --requirement .ci/requirements.txt
}

# PyPI has version 1 only, which cannot `logs tail`. Debian and Ubuntu have version 2.
install_aws() { # folder
  is_version_2 aws && return
  if ! is_version_2 /usr/bin/aws; then
    apt-get update -qq && apt-get install -y -qq --no-install-recommends awscli >/dev/null || return
  fi
  ln -sf /usr/bin/aws "$1/bin/aws"
  is_version_2 aws
}

is_version_2() { [[ $("$1" --version 2>/dev/null) == aws-cli/2.* ]]; }

install_tools() {
  local folder="${XDG_CACHE_HOME:-$HOME/.cache}/sluice-ci"
  export PATH="$folder/bin:$PATH"
  install_boto3 "$folder" && install_aws "$folder"
}
