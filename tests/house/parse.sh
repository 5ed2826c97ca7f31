#!/bin/sh
# A fresh Debian has make and git, no compiler and no pkg-config: reading the Makefile must not fail or speak there.
cd "$(dirname "$0")/../.." || exit 1
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin"
for tool in make sh sed find sort expand rm mkdir uname; do
    ln -s "$(command -v "$tool")" "$work/bin/$tool"
done
noise=$(env -i PATH="$work/bin" make help 2>&1 >"$work/help") && rc=0 || rc=$?
if [ "$rc" = 0 ] && [ -z "$noise" ] && grep -q '^demo ' "$work/help"; then
    echo "ok make_reads_its_file_without_compiler_and_pkg_config"
else
    echo "not ok make_reads_its_file_without_compiler_and_pkg_config"
    echo "$noise"
fi
