#!/bin/bash
# Gives the server back as it was: the stock daemon with its jails and the bans of now, no table of ours, no unit, no program. uninstall.sh keep|purge

here=$(dirname "$(readlink -f "$0")")
# shellcheck source=plesk-ext/setup/lib.sh
. "$here/lib.sh"

choice=$1
mode=$(recall mode)

if [ "$mode" = beside ] && has_stock; then
  if is_active "$ENGINE"; then
    bridge_up
    banned=$(count_banned)
    systemctl disable --now "$ENGINE" >/dev/null 2>&1 || true
    systemctl enable "$STOCK" >/dev/null 2>&1 || true
    systemctl start "$STOCK" || warn 'fail2ban could not be started: see its journal'
    if wait_for_answer "$STOCK"; then wait_for_bans "$banned"; else warn 'fail2ban does not answer'; fi
    bridge_down
  elif [ "$(recall stock_enabled)" = yes ] && ! is_enabled "$STOCK"; then
    systemctl enable --now "$STOCK" >/dev/null 2>&1 || warn 'fail2ban could not be started: see its journal'
  fi
fi
systemctl disable --now "$WEB" "$ENGINE" >/dev/null 2>&1 || true
rm -f "$UNITS/$WEB" "$UNITS/$ENGINE" "$COMMAND"
systemctl daemon-reload
systemctl reset-failed "$WEB" "$ENGINE" >/dev/null 2>&1 || true
if command -v nft >/dev/null 2>&1; then
  nft delete table inet bailiff 2>/dev/null || true
fi
bridge_down
rm -rf /run/bailiff

rm -f "$SECRET"
if [ "$choice" = purge ]; then
  if [ "$mode" = own ]; then
    rm -rf "$STOCK_DATA"/fail2ban.sqlite3* /var/run/fail2ban
    rmdir "$STOCK_DATA" 2>/dev/null || true
    rm -f "$STOCK_LOG"
  fi
  rm -rf "$ETC" "$DATA"
else
  say "Configuration and history are kept in $ETC and $DATA."
fi
# Last, for this script is in it.
rm -rf "$HOME_DIR"
