#!/bin/sh
# Runs the program of this file's name with the Node runtime that came along.
here=$(dirname "$(dirname "$(readlink -f "$0")")")
BAILIFF_HOME=${BAILIFF_HOME:-/var/lib/bailiff}
export BAILIFF_HOME
exec "$here/runtime/bin/node" @NODE_FLAGS@ "$here/dist/bin/$(basename "$0").js" "$@"
