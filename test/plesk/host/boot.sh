#!/bin/bash
# Boots a machine of its own with systemd as its process 1: boot.sh FOLDER, where FOLDER/root holds its files. Own processes, network, mounts and control groups; the kernel's settings are read-only.
set -euo pipefail
folder=$1

# Groups are made below a fresh mount of the hierarchy, so it does not matter how this machine has mounted it.
mkdir "$folder/cgroup"
mount -t cgroup2 cgroup2 "$folder/cgroup"
mkdir "$folder/cgroup/$(basename "$folder")"
echo $$ >"$folder/cgroup/$(basename "$folder")/cgroup.procs"

# shellcheck disable=SC2016
exec unshare --mount --pid --net --ipc --uts --cgroup --fork --kill-child /bin/bash -euc '
  # Nothing of this machine is left in sight.
  cd "$0"
  pivot_root . mnt
  cd /
  mount -t proc proc /proc
  umount --lazy /mnt
  mount --bind /proc/sys /proc/sys
  mount -o remount,bind,ro /proc/sys
  mount -t tmpfs tmpfs /dev
  for device in "null 1 3" "zero 1 5" "full 1 7" "random 1 8" "urandom 1 9" "tty 5 0"; do
    set -- $device
    mknod -m 0666 "/dev/$1" c "$2" "$3"
  done
  mkdir /dev/pts /dev/shm
  mount -t devpts -o newinstance,ptmxmode=0666 devpts /dev/pts
  ln -s pts/ptmx /dev/ptmx
  ln -s /proc/self/fd /dev/fd
  mount -t tmpfs tmpfs /dev/shm
  mount -t sysfs -o ro sysfs /sys
  mount -t cgroup2 cgroup2 /sys/fs/cgroup
  mount -t tmpfs -o mode=0755 tmpfs /run
  mount -t tmpfs tmpfs /tmp
  ip link set lo up
  hostname stand-in
  exec env -i container=other PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 /lib/systemd/systemd --unit=basic.target --log-level=info
' "$folder/root"
