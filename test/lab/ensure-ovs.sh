#!/bin/sh
# Installs what the lab needs (see switch.ts and netns.ts) from the Debian or Ubuntu archive.
# Says nothing and does nothing when all of it is there; never starts a system service.
set -eu

# command:package — a command that proves the package is there.
needs='
ovs-vswitchd:openvswitch-switch
ovsdb-server:openvswitch-switch
ovsdb-tool:openvswitch-common
ovs-ofctl:openvswitch-common
ip:iproute2
ping:iputils-ping
ethtool:ethtool
shellcheck:shellcheck
pgrep:procps
'

PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
export PATH

missing() {
  for need in $needs; do
    command -v "${need%%:*}" >/dev/null 2>&1 || printf '%s\n' "${need#*:}"
  done | sort -u | tr '\n' ' '
}

fail() {
  printf 'ensure-ovs: %s\n' "$1" >&2
  exit 1
}

packages=$(missing)
[ -n "$packages" ] || exit 0

command -v apt-get >/dev/null 2>&1 ||
  fail "missing: ${packages}- and there is no apt-get; install these packages (Debian names) by hand"

if [ "$(id -u)" -eq 0 ]; then
  as_root=''
elif command -v sudo >/dev/null 2>&1; then
  as_root='sudo'
else
  fail "missing: ${packages}- run this as root, or install sudo"
fi

# The packages' own scripts start a system-wide switch through invoke-rc.d or deb-systemd-invoke; both ask
# policy-rc.d first and take 101 for "no". A policy that is already there is left in charge.
policy=/usr/sbin/policy-rc.d
placed=''
restore() {
  if [ -n "$placed" ]; then
    $as_root rm -f "$policy"
    placed=''
  fi
}
trap restore EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
if [ ! -e "$policy" ]; then
  placed=yes
  printf '#!/bin/sh\nexit 101\n' | $as_root tee "$policy" >/dev/null
  $as_root chmod 755 "$policy"
fi

install_packages() {
  # shellcheck disable=SC2086 # both are lists of words
  $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $packages >&2
}

printf 'ensure-ovs: installing %s\n' "$packages" >&2
install_packages || {
  $as_root apt-get update -q >&2 || fail "apt-get update failed"
  install_packages || fail "apt-get could not install: $packages"
}

packages=$(missing)
[ -z "$packages" ] || fail "still missing after the installation: $packages"
