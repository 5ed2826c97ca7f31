#!/bin/sh
# render/ and mustache.js write the same bytes from 2,000 templates: a second reading of the same specification.
cd "$(dirname "$0")/../.." || exit 1
name=writes_what_mustache_js_writes
if ! peer=$(bench/npm mustache 4.2.0 mustache.js); then
    echo "skipped: $name: no Node or no package registry"
    exit 0
fi
make --no-print-directory V=release build/release/bench/render >/dev/null || exit 1
bench/cases 2000 >build/peers/cases.json
ours=$(build/release/bench/render build/peers/cases.json 1)
theirs=$(node bench/render.js build/peers/cases.json 1 "$peer")
if [ -n "$ours" ] && [ "${ours#* }" = "${theirs#* }" ]; then
    echo "ok $name"
else
    echo "not ok $name"
    echo "ours: $ours, theirs: $theirs"
fi
