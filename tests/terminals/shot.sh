#!/usr/bin/env bash
# Takes a picture of a program in a real terminal, on a screen that nobody sees. README.md tells how.
set -euo pipefail

usage() {
  cat >&2 <<'TEXT'
usage: shot.sh TERMINAL OUT.png KEYS -- COMMAND...
  TERMINAL  kitty (0.28 or newer), kitty-old (older), xterm, foot
  KEYS      one character a key; <Name> is a key of X by its name, as <Escape> or <Return>;
            . waits until the screen is still
TEXT
  exit 2
}

fail() {
  echo "shot.sh: $*" >&2
  exit 1
}

need() {
  local name missing=()
  for name in "$@"; do
    command -v "$name" >/dev/null || missing+=("$name")
  done
  [ ${#missing[@]} -eq 0 ] || fail "not installed: ${missing[*]} (README.md tells which packages have them)"
}

[ $# -ge 5 ] && [ "$4" = -- ] || usage
terminal=$1 out=$2 keys=$3
shift 4
columns=${SHOT_COLUMNS:-120} rows=${SHOT_ROWS:-40} patience=${SHOT_PATIENCE:-60}
# A command of several words is allowed here, as for a kitty in another root folder.
read -r -a kitty <<<"${KITTY:-kitty}"

work=$(mktemp -d)
processes=()
cleanup() {
  local process tries=20
  for process in "${processes[@]}"; do
    kill "$process" 2>/dev/null || true
  done
  # A terminal that loses its screen may hang.
  for process in "${processes[@]}"; do
    while kill -0 "$process" 2>/dev/null && [ $tries -gt 0 ]; do
      sleep 0.1
      tries=$((tries - 1))
    done
    kill -9 "$process" 2>/dev/null || true
  done
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap cleanup EXIT

# Does what is said until it is true, or the time is up.
wait_until() {
  local what=$1 end=$((SECONDS + patience))
  shift
  until "$@"; do
    if [ $SECONDS -ge $end ]; then
      sed 's/^/  /' "$work"/*.log >&2 || true
      fail "waited $patience s in vain: $what"
    fi
    sleep 0.2
  done
}

glance() {
  import -window root -depth 8 rgb:- | cksum
}

# Until four glances in a row see the same; a screen that always moves is taken as it is.
until_still() {
  local before="" now count=0 end=$((SECONDS + ${SHOT_STILL:-10}))
  while [ $count -lt 3 ] && [ $SECONDS -lt $end ]; do
    sleep 0.3
    now=$(glance)
    if [ "$now" = "$before" ]; then count=$((count + 1)); else count=0; fi
    before=$now
  done
}

# Runs a program of ours beside this one; its words are shown only if something fails.
beside() {
  local name=$1
  shift
  "$@" >"$work/$name.log" 2>&1 &
  # The newest first: the screen goes last.
  processes=($! "${processes[@]}")
}

need Xvfb xdotool import
beside xvfb Xvfb -displayfd 9 -screen 0 1600x1200x24 -nolisten tcp -noreset 9>"$work/display"
wait_until "Xvfb" test -s "$work/display"
DISPLAY=:$(cat "$work/display")
export DISPLAY
# Software rendering; and nothing that tells of the terminal in which this script runs.
export LIBGL_ALWAYS_SOFTWARE=1 LANG=C.UTF-8 XDG_RUNTIME_DIR="$work" XDG_CONFIG_HOME="$work"
unset LC_ALL COLORTERM TERM_PROGRAM LC_TERMINAL TMUX STY KITTY_WINDOW_ID VTE_VERSION KONSOLE_VERSION WAYLAND_DISPLAY SSH_CONNECTION SSH_TTY

# The terminal says by a file that the command runs.
command=(sh -c 'touch "$0"; exec "$@"' "$work/runs" "$@")

start_kitty() {
  need "${kitty[0]}"
  local version newer
  version=$("${kitty[@]}" --version | sed -n 's/^kitty \([0-9.]*\).*/\1/p')
  newer=$(printf '0.28\n%s\n' "$version" | sort -V | tail -n 1)
  case $terminal in
    kitty) [ "$newer" = "$version" ] || fail "kitty $version is older than 0.28: it is kitty-old" ;;
    kitty-old) [ "$newer" != "$version" ] || fail "kitty $version is not older than 0.28: it is kitty" ;;
  esac
  class=kitty
  beside terminal "${kitty[@]}" --config NONE \
    -o linux_display_server=x11 -o remember_window_size=no -o font_size=10 -o update_check_interval=0 \
    -o "initial_window_width=${columns}c" -o "initial_window_height=${rows}c" \
    -o shell_integration=disabled -o confirm_os_window_close=0 -o cursor_blink_interval=0 "${command[@]}"
}

start_xterm() {
  need xterm
  class=xterm
  # With the sixteen colour registers that it has by itself, pictures get false colours.
  beside terminal xterm -ti vt340 -geometry "${columns}x${rows}+0+0" -fa 'DejaVu Sans Mono' -fs 10 -bg black -fg white \
    -xrm 'XTerm*numColorRegisters: 256' -xrm 'XTerm*maxGraphicSize: 2000x2000' -e "${command[@]}"
}

start_foot() {
  need foot weston
  class=weston
  # foot speaks Wayland only: a compositor in a window shows nothing but it.
  beside weston weston --backend=x11-backend.so --shell=kiosk-shell.so --socket=shot --idle-time=0 \
    --width=$((columns * 8)) --height=$((rows * 18))
  wait_until "weston" test -S "$work/shot"
  beside terminal env WAYLAND_DISPLAY=shot foot -o font='DejaVu Sans Mono:size=9' -o cursor.blink=no "${command[@]}"
}

case $terminal in
  kitty | kitty-old) start_kitty ;;
  xterm) start_xterm ;;
  foot) start_foot ;;
  *) usage ;;
esac

find_window() {
  window=$(xdotool search --onlyvisible --class "$class" 2>/dev/null | tail -n 1)
  [ -n "$window" ]
}

# As from a real keyboard: weston takes no notice of keys that are only sent to its window.
press() {
  xdotool key "$1"
  sleep "${SHOT_INTERVAL:-0.15}"
}

# The X name of a key that a character stands for.
key_of() {
  case $1 in
    [a-zA-Z0-9]) echo "$1" ;;
    ' ') echo space ;;
    *) printf 'U%04X\n' "'$1" ;;
  esac
}

wait_until "the window of $terminal" find_window
wait_until "the command in $terminal" test -e "$work/runs"
# Without a window manager nobody gives it the keys.
xdotool windowfocus "$window" mousemove 1599 1199 2>/dev/null || true
until_still
while [ -n "$keys" ]; do
  case $keys in
    .*) until_still ;;
    '<'*'>'*)
      name=${keys#<}
      press "${name%%>*}"
      keys=${keys#*>}
      continue
      ;;
    *) press "$(key_of "${keys:0:1}")" ;;
  esac
  keys=${keys:1}
done
until_still
import -window "$window" "$out"
echo "$out: $(identify -format '%wx%h, %k colours' "$out")"
