#!/bin/sh
# Clients nobody here wrote, unmodified and pinned, against the sandbox over TLS: the official Node SDK 8.0, and a
# community client that signs in by authorization code. Each gets the sandbox's authority by NODE_EXTRA_CA_CERTS.
cd "$(dirname "$0")/../.." || exit 1
root=$PWD
work=$root/build/peers/clients
official='@zohocrm/nodejs-sdk-8.0@2.0.0'
community='@dereekb/zoho@13.36.0 @dereekb/util@13.36.0 make-error@1.3.6 extra-set@3.2.3
    fast-content-type-parse@3.0.0 ts-essentials@10.2.0'
mkdir -p "$work"

# Installed once: what is there was checked by npm against its digest.
have() { # FOLDER PACKAGE…
    folder=$work/$1
    shift
    [ ! -f "$folder/complete" ] || return 0
    command -v node >/dev/null && command -v npm >/dev/null || return 1
    mkdir -p "$folder"
    echo '{"private":true}' >"$folder/package.json"
    npm install --silent --no-audit --no-fund --ignore-scripts --legacy-peer-deps --prefix "$folder" "$@" \
        >"$folder/npm.log" 2>&1 || return 1
    touch "$folder/complete"
}

# A fresh org of its own, the client against it, and the sandbox stopped by its id.
run() { # FOLDER SCRIPT
    folder=$work/$1
    rm -rf "$folder/state" "$folder/resources" "$folder/tokens.txt" "$folder/start.json" "$folder/exchanges.jsonl"
    (cd / && XDG_STATE_HOME=$folder/state exec "$root/zagent" sandbox start --tls --json \
        --record "$folder/exchanges.jsonl") >"$folder/start.json" 2>"$folder/sandbox.log" &
    sandbox=$!
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        grep -q ca_file "$folder/start.json" && break
        sleep 0.1
    done
    ca=$(sed 's/.*"ca_file":"\([^"]*\)".*/\1/' "$folder/start.json")
    NODE_EXTRA_CA_CERTS=$ca timeout 120 node "tests/peers/sdk/$2" "$folder/start.json" "$folder" 2>"$folder/client.log"
    code=$?
    kill $sandbox
    wait $sandbox 2>/dev/null
    [ $code -eq 0 ] || { echo "not ok $1_client_ended" && tail -20 "$folder/client.log"; }
}

if have official $official; then
    run official official.mjs
else
    echo "skipped: official_sdk: no Node or no package registry"
fi
# shellcheck disable=SC2086 # a list of packages
if have community $community; then
    run community community.mjs
else
    echo "skipped: community_client: no Node or no package registry"
fi
