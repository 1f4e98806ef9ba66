#!/bin/bash
# Goes back to the version before, which the upgrade has kept: its program, its units; the databases stay as they are.

here=$(dirname "$(readlink -f "$0")")
# shellcheck source=plesk-ext/setup/lib.sh
. "$here/lib.sh"

before=$(recall before)
[ -d "${before:-none}" ] || { warn 'there is no version before'; exit 1; }
now=$(readlink -f "$CURRENT")
banned=0
engine_ran=no
if is_active "$ENGINE"; then
  engine_ran=yes
  banned=$(count_banned)
  bridge_up
fi
config=$STOCK_CONFIG
[ "$(recall mode)" = beside ] || config=$OWN_CONFIG
point_current_at "$before"
for unit in "$ENGINE" "$WEB"; do
  sed -e "s|@CONFIG@|$config|g" "$before/units/$unit" >"$UNITS/$unit"
done
systemctl daemon-reload
if [ "$engine_ran" = yes ]; then
  systemctl restart "$ENGINE"
  wait_for_answer "$ENGINE"
  wait_for_bans "$banned"
fi
bridge_down
systemctl restart "$WEB"
remember before "$now"
say "Bailiff $(cat "$before/RELEASE") runs again."
