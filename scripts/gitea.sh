#!/bin/sh
# gitea.sh: builds a real Gitea from its Go module, serves it from a directory that goes
# away again, and runs the tests of the Gitea driver and its fake against it. They need
# to agree with the server that people use, not only with each other.
set -eu
version=v1.26.0
server=.tools/gitea-$version
home=$(mktemp -d)
trap 'kill "$pid" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$home"' EXIT
trap 'exit 1' INT TERM HUP
pid=

source=$(go mod download -json "code.gitea.io/gitea@$version" | sed -n 's/.*"Dir": "\(.*\)".*/\1/p')
if [ ! -x "$server" ]; then
	echo "Building Gitea $version, which takes a few minutes."
	target=$PWD/$server
	mkdir -p .tools
	(cd "$source" && go build -tags 'sqlite sqlite_unlock_notify' -o "$target" .)
fi

port=$(node -e "const s=require('net').createServer().listen(0,'127.0.0.1',()=>{console.log(s.address().port);s.close()})")
url=http://127.0.0.1:$port
user=$(id -un)
cat >"$home/app.ini" <<INI
RUN_USER = $user
I_AM_BEING_UNSAFE_RUNNING_AS_ROOT = true
WORK_PATH = $home
[server]
HTTP_ADDR = 127.0.0.1
HTTP_PORT = $port
ROOT_URL = $url/
STATIC_ROOT_PATH = $source
DISABLE_SSH = true
OFFLINE_MODE = true
LFS_START_SERVER = true
[database]
DB_TYPE = sqlite3
[security]
INSTALL_LOCK = true
[cors]
ENABLED = true
[log]
LEVEL = Error
INI

people=$HOME # go finds its caches there
export HOME="$home" GITEA_WORK_DIR="$home"
gitea="$server --config $home/app.ini"
$gitea migrate >"$home/log" 2>&1 || { cat "$home/log"; exit 1; }
token=$($gitea admin user create --admin --username mooring --email mooring@example.invalid --random-password \
	--must-change-password=false --access-token | sed -n 's/.*Access token.* //p')
$gitea web >>"$home/log" 2>&1 &
pid=$!
for _ in $(seq 120); do
	curl -fs "$url/api/v1/version" >/dev/null 2>&1 && break
	kill -0 "$pid" 2>/dev/null || { cat "$home/log"; exit 1; }
	sleep 0.5
done
HOME=$people MOORING_GITEA_URL=$url MOORING_GITEA_TOKEN=$token \
	go test -count=1 -timeout 40m -run 'Real' "$@" ./backends/gitea ./backends/fakehost/fakegitea
