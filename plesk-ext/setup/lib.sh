# What the scripts of the installation share: where things are, what is remembered, and how a server changes over without a moment without bans.
# shellcheck shell=bash disable=SC2034

set -euo pipefail
umask 022
PATH=/usr/sbin:/usr/bin:/sbin:/bin
export PATH LC_ALL=C

readonly HOME_DIR=/opt/bailiff
readonly VERSIONS=$HOME_DIR/versions
readonly CURRENT=$HOME_DIR/current
readonly ETC=/etc/bailiff
readonly OWN_CONFIG=$ETC/config
readonly STATE=$ETC/state
readonly SECRET=$ETC/secret
readonly DATA=/var/lib/bailiff
readonly UNITS=/etc/systemd/system
readonly ENGINE=bailiff-server.service
readonly WEB=bailiff-web.service
readonly STOCK=fail2ban.service
readonly STOCK_CONFIG=/etc/fail2ban
readonly STOCK_DATA=/var/lib/fail2ban
readonly STOCK_LOG=/var/log/fail2ban.log
readonly COMMAND=/usr/local/bin/bailiff
readonly PANEL_GROUP=psaadm
readonly BRIDGE=bailiff_bridge
# Seconds.
readonly ENGINE_WITHIN=45
readonly BRIDGE_LASTS=900

say() { printf '%s\n' "$1"; }
warn() { printf 'bailiff: %s\n' "$1" >&2; }

# Remembered between the scripts: lines NAME=word, written whole.
remember() {
  local name=$1 value=$2 new
  new=$(mktemp "$ETC/.state-XXXXXXXX")
  { grep -v "^$name=" "$STATE" 2>/dev/null || true; printf '%s=%s\n' "$name" "$value"; } >"$new"
  chmod 0644 "$new"
  mv -f "$new" "$STATE"
}

recall() { sed -n "s/^$1=//p" "$STATE" 2>/dev/null | tail -n 1; }

# The stock daemon is there when it has its unit and its configuration.
has_stock() { [ -f "$STOCK_CONFIG/jail.conf" ] && systemctl cat "$STOCK" >/dev/null 2>&1; }
is_active() { systemctl is-active --quiet "$1"; }
is_enabled() { systemctl is-enabled --quiet "$1" 2>/dev/null; }

bailiff() { "$CURRENT/bin/bailiff" "$@"; }

# How many are banned, by the server's own word; nothing when none answers.
count_banned() { bailiff banned --json 2>/dev/null | grep -c '^    "id": ' || true; }
answers() { bailiff status >/dev/null 2>&1; }

# Waits until the engine answers; not any longer once its process has ended. wait_for_answer UNIT
wait_for_answer() {
  local end=$((SECONDS + ENGINE_WITHIN))
  until answers; do
    [ "$SECONDS" -lt "$end" ] && is_active "$1" || return 1
    sleep 0.5
  done
}

# While one engine stops and the other starts, all that are banned stay out: they stand in a table of their own, which ends by itself.
bridge_up() {
  command -v nft >/dev/null 2>&1 || { warn 'nft is not there: bans are not enforced for the seconds of the change'; return 0; }
  local elements four six
  elements=$(bailiff banned --json 2>/dev/null | sed -n 's/^    "id": "\([0-9A-Fa-f.:]*\(\/[0-9]*\)\{0,1\}\)",\{0,1\}$/\1/p' | sort -u) || return 0
  four=$(printf '%s\n' "$elements" | grep -v : | grep . | paste -sd, -) || true
  six=$(printf '%s\n' "$elements" | grep : | paste -sd, -) || true
  {
    echo "add table inet $BRIDGE"
    echo "delete table inet $BRIDGE"
    echo "add table inet $BRIDGE"
    echo "add set inet $BRIDGE four { type ipv4_addr; flags interval, timeout; timeout ${BRIDGE_LASTS}s; auto-merge; }"
    echo "add set inet $BRIDGE six { type ipv6_addr; flags interval, timeout; timeout ${BRIDGE_LASTS}s; auto-merge; }"
    for hook in input forward; do
      echo "add chain inet $BRIDGE $hook { type filter hook $hook priority -210; policy accept; }"
      echo "add rule inet $BRIDGE $hook ip saddr @four drop"
      echo "add rule inet $BRIDGE $hook ip6 saddr @six drop"
    done
    [ -z "$four" ] || echo "add element inet $BRIDGE four { $four }"
    [ -z "$six" ] || echo "add element inet $BRIDGE six { $six }"
  } | nft -f - || warn 'the firewall refused the table for the change: bans are not enforced for its seconds'
}

bridge_down() { nft delete table inet "$BRIDGE" 2>/dev/null || true; }

# Waits until the engine that was started holds the bans that the other held.
wait_for_bans() {
  local wanted=$1 end=$((SECONDS + 15))
  while [ "$(count_banned)" -lt "$wanted" ] && [ "$SECONDS" -lt "$end" ]; do sleep 0.5; done
}

point_current_at() {
  ln -sfn "$1" "$HOME_DIR/.current-new"
  mv -Tf "$HOME_DIR/.current-new" "$CURRENT"
}

# A copy that is whole although a process writes: made by SQLite itself.
copy_database() {
  [ -f "$1" ] || return 0
  rm -f "$2"
  "$CURRENT/runtime/bin/node" --no-warnings "$CURRENT/setup/copy-database.mjs" "$1" "$2"
  chmod 0600 "$2"
}

# Puts a kept database in the place of one that nobody has open.
put_back() {
  [ -f "$1" ] || return 0
  rm -f "$2-wal" "$2-shm" "$2-journal"
  install -m 0600 "$1" "$2"
}

# The databases of ban and history; the stock daemon's is ours too while it runs.
databases() {
  local bans=$STOCK_DATA/fail2ban.sqlite3
  printf '%s\n' "$bans" "$DATA/data/bailiff.sqlite3"
}
