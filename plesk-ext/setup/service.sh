#!/bin/bash
# Starts, stops and asks after one of the two services: service.sh start|stop|restart|state|journal|answers engine|web

here=$(dirname "$(readlink -f "$0")")
# shellcheck source=plesk-ext/setup/lib.sh
. "$here/lib.sh"

verb=$1
case $2 in engine) unit=$ENGINE ;; web) unit=$WEB ;; *) exit 2 ;; esac

case $verb in
  start | restart)
    # Whoever starts our engine has chosen it; systemd stops the stock daemon for it.
    systemctl reset-failed "$unit" 2>/dev/null || true
    systemctl "$verb" "$unit"
    ;;
  stop)
    systemctl stop "$unit"
    ;;
  state)
    if is_active "$unit"; then
      echo running
    elif [ "$2" = engine ] && ! is_enabled "$unit" && has_stock; then
      echo unused
    else
      echo stopped
    fi
    ;;
  journal)
    journalctl --unit "$unit" --lines 40 --no-pager --output short-iso 2>/dev/null | cut -c 1-500
    ;;
  answers)
    # The pages answer everybody that gets to the socket, if only with a refusal.
    for _ in $(seq 1 60); do
      is_active "$unit" || exit 1
      if "$CURRENT/runtime/bin/node" "$CURRENT/setup/pages-answer.mjs"; then exit 0; fi
      sleep 0.5
    done
    exit 1
    ;;
  *) exit 2 ;;
esac
