#!/usr/bin/env bash
# Starts compose.yaml as its head tells a newcomer to, with the agent, and looks whether the points arrive.
# Its own project name and port keep it apart from anything that runs here.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

export COMPOSE_PROJECT_NAME=docwitness-ci DOCWITNESS_PORT=0
compose() { docker compose --profile telegraf "$@"; }
points() { compose exec -T server docwitness server points sensors; }
end() {
  local status=$?
  trap - EXIT
  if [ "$status" != 0 ]; then compose logs >&2 || true; fi
  compose down --volumes --timeout 5 >/dev/null 2>&1
  exit "$status"
}
trap end EXIT
trap 'exit 130' INT TERM

compose up --quiet-pull --wait server
token=$(docker logs "$(compose ps --quiet server)" 2>/dev/null | sed -n 's/^token *//p')
[ -n "$token" ] || { echo "compose: the server shows no token" >&2; exit 1; }
DATABASE_TOKEN=$token compose up --quiet-pull --wait telegraf
deadline=$((SECONDS + 60))
until points | grep -q '^mem,'; do
  [ "$SECONDS" -lt "$deadline" ] || { echo "compose: the agent's points do not arrive" >&2; exit 1; }
  sleep 1
done
before=$(points | wc -l)
compose up --force-recreate --wait --no-deps server # a new container on the same volume
[ "$(points | wc -l)" -ge "$before" ] || { echo "compose: points are gone with the container" >&2; exit 1; }
echo "compose: the agent's points arrive, and outlive the container of the server" >&2
