#!/usr/bin/env bash
# `docker compose` of version 2 for machines whose distribution has none, such as Debian 12.
#
# The package of Debian 13 runs there too: it needs a C library of version 2.34. It is fetched with package lists of its own, so that the
# machine's own sources stay as they are. WITH_BUILDX=1 brings BuildKit's client along, which then is the default of `docker build`.
set -euo pipefail

say() { printf 'compose-plugin: %s\n' "$*" >&2; }

packages=()
docker compose version >/dev/null 2>&1 || packages+=(docker-compose)
if [ -n "${WITH_BUILDX:-}" ] && ! docker buildx version >/dev/null 2>&1; then packages+=(docker-buildx); fi
if [ ${#packages[@]} = 0 ]; then
  say "$(docker compose version)"
  exit
fi
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  say "install Docker Compose: https://docs.docker.com/compose/install/"
  exit 1
fi

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir -p "$folder/lists/partial" "$folder/cache/archives/partial"
archive=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -v security | sort -u | head -n 1)
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $archive trixie main" >"$folder/sources.list"
apt=(apt-get -qq -o "Dir::Etc::SourceList=$folder/sources.list" -o Dir::Etc::SourceParts=/dev/null
  -o "Dir::State::Lists=$folder/lists" -o "Dir::Cache=$folder/cache" -o APT::Sandbox::User=root)
"${apt[@]}" update
(cd "$folder" && "${apt[@]}" download "${packages[@]}")
dpkg --install "$folder"/*.deb >/dev/null
say "installed: $(docker compose version)"
