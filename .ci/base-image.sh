#!/usr/bin/env bash
# Makes the images that a Dockerfile starts from available, so that `docker build .` works as it stands: base-image.sh [DOCKERFILE]
#
# An image that is here stays; otherwise it is pulled. Only where no registry can be reached, Debian's own packages of the same
# release and the same Python become a STAND-IN under its tag. A stand-in says so in its label `image.stand-in` (which every image
# built on it inherits), in /etc/image-stand-in and here. It is good for tests on such a machine, and nothing made from it may be published.
#
# STAND_IN=never refuses stand-ins: for a release, and for a job that shows that the official image builds.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

LABEL=image.stand-in
PULL_LIMIT_S=${PULL_LIMIT_S:-300}

say() { printf 'base-image: %s\n' "$*" >&2; }
fail() {
  say "$*"
  exit 1
}

# The images behind FROM; names of earlier stages and `scratch` are none.
images_of() {
  sed -n 's/^FROM \(--[^ ]* \)*\([^ ]*\).*/\2/p' "$1" | sort -u |
    grep -vxF -e scratch -e "$(sed -n 's/^FROM .* AS \([^ ]*\)$/\1/p' "$1")"
}

stand_in_label() { docker image inspect --format "{{with .Config.Labels}}{{index . \"$LABEL\"}}{{end}}" "$1" 2>/dev/null; }

# Where this machine's own apt gets its packages from, and how.
archive() { apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -v security | sort -u | head -n 1; }
archive_settings() {
  apt-config dump --format '%f "%v";%n' | grep -E '^Acquire::(Check-Valid-Until|https?::Proxy)' || true
}

# What is done inside it. As in the official image, python and pip live in /usr/local, and nothing there is "externally managed".
# What this machine's administrator trusts, and the package index that its pip asks, hold in its containers too.
customize() {
  local root=$1 image=$2
  find /usr/local/share/ca-certificates -name '*.crt' -exec cp -t "$root/usr/local/share/ca-certificates" {} + 2>/dev/null || true
  chroot "$root" update-ca-certificates >/dev/null
  chroot "$root" /usr/bin/python3 -m venv /usr/local
  pip_settings >"$root/etc/pip.conf"
  find "$root/usr" -name __pycache__ -prune -exec rm -rf {} +
  echo "Made from packages of Debian in place of $image. Not the official image: do not publish." >"$root/etc/image-stand-in"
}

# pip prints `:env:.index-url='…'` and `global.index-url='…'`; the first of a key holds.
pip_settings() {
  echo '[global]'
  python3 -m pip config list 2>/dev/null |
    sed -nE "s/^(:env:|global|install)\.(index-url|proxy|timeout|default-timeout)='(.*)'$/\2 = \3/p" | sort -u -t= -k1,1
}

make_stand_in() {
  local image=$1 suite=trixie root=$2/root.tar setting settings=()
  [ "$image" = python:3.13-slim-trixie ] || fail "there is no stand-in for $image"
  { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; } || fail "making a stand-in for $image takes root on Debian"
  if ! command -v mmdebstrap >/dev/null; then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends mmdebstrap >/dev/null
  fi
  while read -r setting; do settings+=(--aptopt="$setting"); done < <(archive_settings)
  say "no registry can be reached: making a STAND-IN for $image from packages of Debian $suite"
  mmdebstrap --quiet --mode=root --variant=minbase "${settings[@]}" \
    --include=ca-certificates,netbase,python3,python3-venv,tzdata \
    --aptopt='APT::Install-Recommends "false"' --aptopt='Acquire::Languages "none"' --dpkgopt=force-unsafe-io \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-include=/usr/share/doc/*/copyright' \
    --dpkgopt='path-exclude=/usr/share/info/*' --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/man/*' \
    --customize-hook="'$PWD/.ci/base-image.sh' --customize \"\$1\" '$image'" \
    "$suite" "$root" "$(archive)"
  docker import --change 'ENV PATH=/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8' \
    --change 'CMD ["python3"]' --change "LABEL $LABEL=debian-$suite" "$root" "$image" >/dev/null
}

if [ "${1:-}" = --customize ]; then # the call from within mmdebstrap
  customize "$2" "$3"
  exit
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
images_of "${1:-Dockerfile}" | while read -r image; do
  if docker image inspect "$image" >/dev/null 2>&1; then
    :
  elif timeout "$PULL_LIMIT_S" docker pull --quiet "$image" >/dev/null 2>"$folder/pull"; then
    :
  elif [ "${STAND_IN:-}" = never ]; then
    fail "$image cannot be pulled: $(tail -n 1 "$folder/pull")"
  else
    make_stand_in "$image" "$folder"
  fi
  stand_in=$(stand_in_label "$image")
  [ -z "$stand_in" ] || [ "${STAND_IN:-}" != never ] || fail "$image here is a stand-in ($stand_in): docker image rm $image"
  say "$image: $([ -z "$stand_in" ] && echo official || echo "STAND-IN ($stand_in)")"
done
