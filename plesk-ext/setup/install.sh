#!/bin/bash
# Installs the copied and compared program, or puts it in the place of an older one: folders, secret, configuration, units, start. On failure everything is as before.

here=$(dirname "$(readlink -f "$0")")
# shellcheck source=plesk-ext/setup/lib.sh
. "$here/lib.sh"

readonly STAGING=$1 RELEASE=$2 PRODUCT_ROOT=$3
readonly TARGET=$VERSIONS/$RELEASE
before=
[ ! -L "$CURRENT" ] || before=$(readlink -f "$CURRENT")
saved=$DATA/before-$RELEASE

trap 'rm -rf "$STAGING"' EXIT

"$STAGING/runtime/bin/node" --version >/dev/null || { warn 'the Node runtime of this package does not start on this server'; exit 1; }
getent group "$PANEL_GROUP" >/dev/null || { warn "there is no group $PANEL_GROUP: is this a Plesk server?"; exit 1; }

mkdir -p "$ETC" "$DATA"
chmod 0700 "$DATA"
if [ ! -s "$SECRET" ]; then
  (umask 077; head -c 32 /dev/urandom | od -An -vtx1 | tr -d ' \n' >"$SECRET.new")
  mv "$SECRET.new" "$SECRET"
fi
chown "root:$PANEL_GROUP" "$SECRET"
chmod 0640 "$SECRET"

# The same release again replaces its folder; the running processes keep the files that they have open.
if [ -d "$TARGET" ]; then
  [ "$before" != "$TARGET" ] || { mv "$TARGET" "$TARGET.before"; point_current_at "$TARGET.before"; before=$TARGET.before; }
  rm -rf "$TARGET"
fi
mv "$STAGING" "$TARGET"
trap - EXIT
printf '%s\n' "$RELEASE" >"$TARGET/RELEASE"

write_units() {
  local config=$STOCK_CONFIG unit
  [ "$(recall mode)" = beside ] || config=$OWN_CONFIG
  for unit in "$ENGINE" "$WEB"; do
    sed -e "s|@CONFIG@|$config|g" "$1/units/$unit" >"$UNITS/.$unit.new"
    chmod 0644 "$UNITS/.$unit.new"
    mv "$UNITS/.$unit.new" "$UNITS/$unit"
  done
  systemctl daemon-reload
}

go_back() {
  warn "$1: the version before is put back"
  if [ -n "$before" ]; then
    [ "$engine_ran" = no ] || bridge_up
    # Nobody may have a database open that is put back.
    [ "$engine_ran" = no ] || systemctl stop "$ENGINE" || true
    systemctl stop "$WEB" || true
    point_current_at "$before"
    while read -r database; do
      put_back "$saved/$(basename "$database")" "$database"
    done < <(databases)
    write_units "$before"
    [ "$engine_ran" = no ] || systemctl start "$ENGINE" || true
    systemctl start "$WEB" || true
    [ "$engine_ran" = no ] || { wait_for_answer "$ENGINE" && wait_for_bans "$banned"; } || true
  else
    systemctl disable --now "$WEB" "$ENGINE" >/dev/null 2>&1 || true
    rm -f "$UNITS/$WEB" "$UNITS/$ENGINE" "$CURRENT" "$COMMAND"
    systemctl daemon-reload
  fi
  bridge_down
  rm -rf "$TARGET"
  exit 1
}

engine_ran=no
banned=0
if [ -z "$before" ]; then
  point_current_at "$TARGET"
  if has_stock; then
    remember mode beside
    remember stock_enabled "$(is_enabled "$STOCK" && echo yes || echo no)"
    remember stock_active "$(is_active "$STOCK" && echo yes || echo no)"
    say 'Fail2Ban is on this server: its configuration and its daemon stay, Bailiff shows and steers them.'
  else
    remember mode own
    "$TARGET/bin/bailiff" setup "$OWN_CONFIG" || go_back 'the configuration could not be made'
    mkdir -p "$STOCK_DATA"
    touch "$STOCK_LOG"
    chmod 0640 "$STOCK_LOG"
    say "There is no Fail2Ban on this server: Bailiff's own engine is started, with its configuration in $OWN_CONFIG."
  fi
else
  rm -rf "$saved"
  mkdir -p "$saved"
  ! is_active "$ENGINE" || engine_ran=yes
  while read -r database; do
    copy_database "$database" "$saved/$(basename "$database")" || go_back "$database could not be kept for the way back"
  done < <(databases)
  if [ "$engine_ran" = yes ]; then
    banned=$(count_banned)
    bridge_up
  fi
  [ "$(recall mode)" = beside ] || "$TARGET/bin/bailiff" setup "$OWN_CONFIG" || go_back 'the configuration could not be brought up to date'
  point_current_at "$TARGET"
fi

mkdir -p "$(dirname "$COMMAND")"
ln -sfn "$CURRENT/bin/bailiff" "$COMMAND"
write_units "$TARGET"

if [ "$(recall mode)" = own ] && [ -z "$before" ]; then
  systemctl enable --now "$ENGINE" || go_back 'the engine could not be started'
  wait_for_answer "$ENGINE" || go_back 'the engine does not answer'
elif [ "$engine_ran" = yes ]; then
  systemctl restart "$ENGINE" || go_back 'the engine could not be started'
  wait_for_answer "$ENGINE" || go_back 'the engine does not answer'
  wait_for_bans "$banned"
fi
bridge_down
systemctl enable "$WEB" >/dev/null 2>&1 || go_back 'the pages could not be enabled'
systemctl restart "$WEB" || go_back 'the pages could not be started'
"$TARGET/setup/service.sh" answers web || go_back 'the pages do not answer'

# One version before stays for the way back.
remember before "${before:-none}"
for folder in "$VERSIONS"/*; do
  case $folder in "$TARGET" | "${before:-none}") ;; *) rm -rf "$folder" ;; esac
done
for folder in "$DATA"/before-*; do
  case $folder in "$saved") ;; *) rm -rf "$folder" ;; esac
done
[ "$before" != "$TARGET.before" ] || { rm -rf "$before"; remember before none; }
rm -rf "$VERSIONS"/.new-*
say "Bailiff $RELEASE is installed ($PRODUCT_ROOT)."
