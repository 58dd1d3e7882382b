#!/bin/sh
# Makes sure of a C compiler: Go's race detector links with it.
set -eu

command -v "$(go env CC)" >/dev/null && exit 0

if [ -f /etc/debian_version ] && [ "$(id -u)" = 0 ]; then
	echo "No C compiler found: installing Debian's gcc." >&2
	DEBIAN_FRONTEND=noninteractive apt-get update >&2
	DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends gcc libc6-dev >&2
	exit 0
fi

echo "No C compiler found, which go test -race needs. Install one (on Debian or Ubuntu: sudo apt-get install gcc libc6-dev)." >&2
exit 1
