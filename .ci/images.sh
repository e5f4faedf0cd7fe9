# Builds the project's images and runs them, without Docker and without an image registry. Sourced by .ci/run.
# buildah builds; debootstrap makes the base images. Both need root, and Debian's or Ubuntu's packages.
images="$tools/images"
export BUILDAH_ISOLATION=chroot CONTAINERS_STORAGE_CONF="$images/storage.conf"

# Each part is skipped if nothing that it tests has changed since its last success on this machine.
check_images() {
  if [ "$(id -u)" != 0 ]; then
    echo "images: not built, because only root can build and mount them. Run .ci/run as root."
    # CI runs as root, so that this step is not skipped unnoticed.
    [ -z "${CI:-}" ] && return "$SKIPPED"
    return 1
  fi
  install_builders || return
  check_part node serve probe && check_part torch torch
}

check_part() { # part, containers ...
  local part=$1 digest name
  shift
  digest=$(digest_part "$part" "$@") || return
  if [ "$digest" = "$(cat "$images/$part.passed" 2>/dev/null)" ]; then
    echo "$*: skipped, because nothing that they are built from has changed since the last success"
    return
  fi
  # Those of an interrupted run.
  buildah rm --all >/dev/null
  for name in "$@"; do build_image "$name" || return; done
  SLUICE_IMAGES="$images" npm run --silent test:images -- "test/images/$part.test.ts" || return
  remove_images "$@" && echo "$digest" >"$images/$part.passed"
}

# The build contexts are what the ignore files admit.
digest_part() { # part, containers ...
  local part=$1 name
  shift
  {
    for name in "$@"; do
      echo "containers/$name/Dockerfile"
      sed -n 's/^!//p' "containers/$name/Dockerfile.dockerignore"
    done
    printf '%s\n' .ci/images.sh test/images packages/samples
  } | xargs git ls-files -z --cached --others --exclude-standard -- | xargs -0 sha256sum | sha256sum
}

install_builders() {
  if ! command -v buildah >/dev/null || ! command -v debootstrap >/dev/null; then
    apt-get update -qq && apt-get install -y -qq --no-install-recommends \
      buildah debootstrap debian-archive-keyring >/dev/null || return
  fi
  mkdir -p "$images"
  # vfs needs no file system of its own, unlike overlay, which containers often refuse.
  printf '[storage]\ndriver = "vfs"\ngraphroot = "%s"\nrunroot = "%s"\n' "$images/storage" "$images/run" \
    >"$CONTAINERS_STORAGE_CONF"
}

# Leaves the mounted image's folder and settings in $images/NAME.json, for test/images.
build_image() { # container
  local name=$1 dockerfile="containers/$1/Dockerfile" base container root settings
  base=$(sed -n 's/^FROM \(\S*\).*/\1/p' "$dockerfile" | head -1) && build_base "$base" || return
  run_quietly buildah bud --pull=never --network=host --file "$dockerfile" --ignorefile "$dockerfile.dockerignore" \
    --volume "$images/wheels:/wheels:ro" --tag "sluice-$name" . || return
  container=$(buildah from --pull=never "sluice-$name") && root=$(buildah mount "$container") &&
    settings=$(buildah inspect --type image "sluice-$name") || return
  printf '{"root":"%s","image":%s}\n' "$root" "$settings" >"$images/$name.json"
  echo "$name: built, $(du -sm "$root" | cut -f1) MB, of which the base is $(cat "$images/${base%%:*}.megabytes") MB"
}

# What Docker would pull: Debian bookworm with Node or Python. It stays for later runs.
build_base() { # image
  local image=$1 work result
  mkdir -p "$images/wheels"
  case $image in python:*) download_wheels || return ;; esac
  buildah inspect --type image "localhost/$image" >/dev/null 2>&1 && return
  work=$(mktemp -d)
  fill_base "$image" "$work"
  result=$?
  rm -rf "$work"
  return "$result"
}

fill_base() { # image, folder
  local image=$1 work=$2 container root
  "fill_${image%%:*}" "$work" || return
  cp "${NODE_EXTRA_CA_CERTS:-/etc/ssl/certs/ca-certificates.crt}" "$work/etc/ssl/certs/ca-certificates.crt" &&
    cp /etc/resolv.conf "$work/etc/" || return
  container=$(buildah from scratch) && root=$(buildah mount "$container") && cp -a "$work/." "$root/" || return
  # Builds must trust the machine's certificates, and pip finds the packages that this machine's pip downloaded.
  buildah config --env NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt --env PIP_NO_INDEX=1 \
    --env PIP_FIND_LINKS=/wheels "$container" && run_quietly buildah commit --rm "$container" "localhost/$image" || return
  du -sm "$work" | cut -f1 >"$images/${image%%:*}.megabytes"
}

fill_node() { # folder
  run_quietly debootstrap --variant=minbase --include=ca-certificates bookworm "$1" || return
  install -D node_modules/node/bin/node "$1/usr/local/bin/node" && mkdir -p "$1/usr/local/lib/node_modules" &&
    cp -r "$(dirname "$(readlink -f "$(command -v npm)")")/.." "$1/usr/local/lib/node_modules/npm" &&
    ln -s ../lib/node_modules/npm/bin/npm-cli.js "$1/usr/local/bin/npm" &&
    chroot "$1" /usr/sbin/useradd --create-home --uid 1000 node
}

fill_python() { # folder
  run_quietly debootstrap --variant=minbase --include=ca-certificates,python3-venv bookworm "$1"
}

# With the settings of this machine's pip, which an image does not have.
download_wheels() {
  run_quietly "$SLUICE_TORCH/venv/bin/pip" download --disable-pip-version-check --only-binary=:all: \
    ${SLUICE_TORCH_INDEX_URL:+--extra-index-url "$SLUICE_TORCH_INDEX_URL"} \
    --dest "$images/wheels" --find-links "$images/wheels" --requirement containers/torch/requirements.txt
}

# The base images stay.
remove_images() { # containers ...
  buildah rm --all >/dev/null && buildah rmi "${@/#/sluice-}" >/dev/null
}

run_quietly() { # command ...
  "$@" >"$images/log" 2>&1 && return
  echo "failed: $*"
  tail -40 "$images/log"
  return 1
}
