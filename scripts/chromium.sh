#!/bin/sh
# Prints the path of a Chrome or Chromium, and installs one on Debian as root
# when there is none. Everything but the path goes to stderr.
set -eu

find_chromium() {
	for name in google-chrome google-chrome-stable chromium chromium-browser; do
		command -v "$name" && return 0
	done
	mac='/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'
	[ -x "$mac" ] && printf '%s\n' "$mac"
}

if [ -n "${CHROME_PATH:-}" ]; then
	if [ ! -x "$CHROME_PATH" ]; then
		echo "CHROME_PATH is $CHROME_PATH, which is not a program. Correct or unset it." >&2
		exit 1
	fi
	printf '%s\n' "$CHROME_PATH"
	exit 0
fi

find_chromium && exit 0

if [ -f /etc/debian_version ] && [ "$(id -u)" = 0 ]; then
	echo "No Chrome or Chromium found: installing Debian's chromium." >&2
	DEBIAN_FRONTEND=noninteractive apt-get update >&2
	DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends chromium >&2
	find_chromium && exit 0
fi

echo "No Chrome or Chromium found. Install one (on Debian or Ubuntu: sudo apt-get install chromium), or set CHROME_PATH to its program." >&2
exit 1
