#!/bin/sh
# fuzz.sh TIME: runs each fuzz target of the module for so long; stops at the first crash.
set -eu
for file in $(grep -rl '^func Fuzz' backends wasm --include='*_test.go'); do
	for target in $(sed -n 's/^func \(Fuzz[A-Za-z_]*\)(.*/\1/p' "$file"); do
		echo "$target ($(dirname "$file"))"
		go test -run '^$' -fuzz "^$target\$" -fuzztime "$1" "./$(dirname "$file")"
	done
done
