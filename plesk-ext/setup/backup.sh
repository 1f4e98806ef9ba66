#!/bin/bash
# Makes and reads our part of a server backup: backup.sh make|clear|restore PRODUCT_ROOT
#
# The archive is in a folder of the panel's user, so it is written and read as that user: root follows no link there.

here=$(dirname "$(readlink -f "$0")")
# shellcheck source=plesk-ext/setup/lib.sh
. "$here/lib.sh"

verb=$1
folder=$2/var/modules/bailiff/backup
archive=$folder/bailiff.tar.gz
as_panel() { runuser -u psaadm -- "$@"; }
config=$STOCK_CONFIG
[ "$(recall mode)" = beside ] || config=$OWN_CONFIG

work=$(mktemp -d "$DATA/.backup-XXXXXXXX")
trap 'rm -rf "$work"' EXIT

case $verb in
  make)
    mkdir -p "$work/backup/config"
    cp -R --no-dereference -- "$config/." "$work/backup/config/"
    find "$work/backup/config" ! -type f ! -type d -delete
    copy_database "$DATA/data/bailiff.sqlite3" "$work/backup/bailiff.sqlite3"
    # shellcheck disable=SC2016
    tar -C "$work" --owner=0 --group=0 -czf - backup | as_panel /bin/sh -c 'umask 077; mkdir -p "$1" && cat >"$2"' sh "$folder" "$archive"
    ;;
  clear)
    as_panel rm -f -- "$archive"
    ;;
  restore)
    # Plain files and folders with plain names below backup/; nothing else gets out of the archive.
    as_panel cat -- "$archive" >"$work/archive"
    tar -tzvf "$work/archive" | while read -r kind _ _ _ _ name; do
      case $kind in -* | d*) ;; *) warn "the backup holds a $kind: $name"; exit 1 ;; esac
      case $name in backup/ | backup/*) ;; *) warn "the backup holds $name"; exit 1 ;; esac
      case /$name/ in */../*) warn "the backup holds $name"; exit 1 ;; esac
    done
    tar -C "$work" --no-same-owner --no-same-permissions -xzf "$work/archive"
    # Only what is the administrator's: the shipped files belong to the installed version.
    (cd "$work/backup/config" && find . -type f \( -name '*.local' -o -path './jail.d/*' -o -path './filter.d/*' -o -path './action.d/*' \) -print0) |
      while IFS= read -r -d '' file; do
        case $file in *.conf) [ ! -e "$config/$file" ] || continue ;; esac
        mkdir -p "$config/$(dirname "$file")"
        install -m 0644 "$work/backup/config/$file" "$config/$file"
      done
    if [ -f "$work/backup/bailiff.sqlite3" ]; then
      systemctl stop "$WEB"
      mkdir -p "$DATA/data"
      put_back "$work/backup/bailiff.sqlite3" "$DATA/data/bailiff.sqlite3"
      systemctl start "$WEB"
    fi
    if answers; then "$CURRENT/bin/bailiff-client" -c "$config" reload >/dev/null || warn 'the server refuses the restored configuration: see its log'; fi
    ;;
  *) exit 2 ;;
esac
