#!/usr/bin/env bash
# A Docker engine for machines that have none: engine.sh up|down|status
#
# `up` leaves an engine that answers alone. Otherwise it installs Debian's docker.io where dockerd is missing and starts it.
# `down` stops the engine that an earlier `up` started, and no other. `status` exits with 3 when none answers.
# DOCKER_HOST may name another engine's socket; then nothing is ever installed or started here.
set -euo pipefail

SOCKET=/var/run/docker.sock
STATE=${ENGINE_STATE:-/run/docwitness-engine} # what `down` needs to know, and the log
START_LIMIT_S=${ENGINE_START_LIMIT_S:-120}

say() { printf 'engine: %s\n' "$*" >&2; }
fail() {
  say "$*"
  exit 1
}

# One request to the socket itself: needs no docker command, and no context of one can answer for another engine.
ask() { curl --silent --fail --max-time 5 --unix-socket "$SOCKET" "http://engine$1"; }

answers() {
  if [ -n "${DOCKER_HOST:-}" ] && [ "$DOCKER_HOST" != "unix://$SOCKET" ]; then
    docker version >/dev/null 2>&1
  else
    [ -S "$SOCKET" ] && [ "$(ask /_ping 2>/dev/null)" = OK ]
  fi
}

install_engine() {
  [ "$(id -u)" = 0 ] || fail "there is no dockerd here, and installing one needs root"
  command -v apt-get >/dev/null || fail "there is no dockerd here; install Docker Engine: https://docs.docker.com/engine/install/"
  say "installing docker.io"
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends ca-certificates curl docker.io >/dev/null
}

# A machine without systemd may have booted without control groups.
mount_control_groups() {
  local root=/sys/fs/cgroup
  mountpoint -q "$root" && return
  mkdir -p "$root"
  mount -t cgroup2 cgroup2 "$root"
  mkdir -p "$root/init" # controllers can only be handed down from a group that holds no process
  while read -r process; do
    echo "$process" >"$root/init/cgroup.procs" 2>/dev/null || true
  done <"$root/cgroup.procs"
  sed 's/[^ ]*/+&/g' "$root/cgroup.controllers" >"$root/cgroup.subtree_control"
}

# The bridge must not take larger packets than the machine's own way out.
outgoing_mtu() {
  local device
  device=$(awk '$2 == "00000000" && $8 == "00000000" { print $1; exit }' /proc/net/route)
  if [ -n "$device" ]; then cat "/sys/class/net/$device/mtu"; else echo 1500; fi
}

is_dockerd() { [ "$(cat "/proc/$1/comm" 2>/dev/null)" = dockerd ]; }

start_daemon() {
  local pid_file=/run/docker.pid
  mkdir -p "$STATE"
  mount_control_groups
  # dockerd refuses to start over the pid file of one that was killed
  if [ -f "$pid_file" ] && ! is_dockerd "$(cat "$pid_file")"; then rm -f "$pid_file"; fi
  setsid dockerd --host "unix://$SOCKET" --pidfile "$pid_file" --mtu "$(outgoing_mtu)" \
    --exec-opt native.cgroupdriver=cgroupfs --log-level warn </dev/null >"$STATE/log" 2>&1 &
  echo $! >"$STATE/pid"
}

up() {
  if answers; then
    say "one answers already, left alone"
    return
  fi
  [ -z "${DOCKER_HOST:-}" ] || fail "the engine at DOCKER_HOST=$DOCKER_HOST does not answer"
  if ! command -v dockerd >/dev/null || ! command -v curl >/dev/null; then install_engine; fi
  if ! answers; then # a package may have started it
    [ "$(id -u)" = 0 ] || fail "starting an engine needs root"
    if [ -d /run/systemd/system ]; then systemctl start docker; else start_daemon; fi
  fi
  local deadline=$((SECONDS + START_LIMIT_S))
  until answers; do
    if [ "$SECONDS" -ge "$deadline" ] || { [ -f "$STATE/pid" ] && ! kill -0 "$(cat "$STATE/pid")"; }; then
      tail -n 20 "$STATE/log" >&2 2>/dev/null || true
      fail "it did not come up"
    fi
    sleep 0.1
  done
  say "started: $(ask /version | grep -o '"Version":"[^"]*"' | tail -n 1)"
}

down() {
  local pid
  if ! pid=$(cat "$STATE/pid" 2>/dev/null); then
    say "none that was started here"
    return
  fi
  rm -f "$STATE/pid"
  is_dockerd "$pid" || return 0
  kill -TERM "$pid"
  local deadline=$((SECONDS + 30))
  while is_dockerd "$pid"; do
    [ "$SECONDS" -lt "$deadline" ] || fail "process $pid does not stop"
    sleep 0.1
  done
  say "stopped"
}

case ${1:-} in
  up) up ;;
  down) down ;;
  status)
    if answers; then say "answers"; else
      say "none answers"
      exit 3
    fi
    ;;
  *) fail "usage: $0 up|down|status" ;;
esac
