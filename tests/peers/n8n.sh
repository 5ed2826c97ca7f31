#!/bin/sh
# The workflows of salesiq-response: against n8n's own catalogue (packages pinned, unpacked only), played against the sandbox with
# n8n's expressions, and, with ZAGENT_N8N=1, imported by the real n8n 2.8.4 (1,800 packages and a database compiled: five minutes).
cd "$(dirname "$0")/../.." || exit 1
root=$PWD
work=$root/build/peers/n8n
packages='n8n-nodes-base@2.8.1 @n8n/n8n-nodes-langchain@2.8.1'
mkdir -p "$work"
if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
    echo "skipped: n8n: no Node"
    exit 0
fi

# Two projects, without a model and with one; the first is applied and served.
rm -rf "$work/plain" "$work/model"
for kind in plain model; do
    mkdir -p "$work/$kind"
    cp -r context templates zagent.yaml "$work/$kind/"
done
sed -i 's/| through_n8n | no/| through_n8n | yes/' "$work/plain/context/chat.md"
sed -i 's/| use_model | no/| use_model | yes/' "$work/model/context/chat.md"
if ! (
    set -e
    cd "$work/model"
    "$root/zagent" plan salesiq-response
    "$root/zagent" guide salesiq-response
    cd "$work/plain"
    "$root/zagent" plan salesiq-response
    for _ in 1 2 3 4; do
        "$root/zagent" apply --yes
        "$root/zagent" sandbox ui
    done
) >"$work/made.log" 2>&1; then
    echo "not ok n8n_workflows_are_made"
    tail -5 "$work/made.log"
    exit 1
fi

(cd "$work/plain" && exec "$root/zagent" sandbox start --json) >"$work/start.json" 2>"$work/sandbox.log" &
sandbox=$!
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    grep -q api_url "$work/start.json" && break
    sleep 0.1
done
timeout 60 node tests/peers/n8n/run.mjs "$work/start.json" "$work/plain/generated/salesiq-response/n8n/chat-watch.json" 2>"$work/run.log" ||
    { echo "not ok n8n_run_ended" && tail -5 "$work/run.log"; }
kill $sandbox
wait $sandbox 2>/dev/null

# The catalogue: the packages as they are published, nothing of them is run.
catalogue() {
    [ ! -f "$work/catalogue/complete" ] || return 0
    mkdir -p "$work/catalogue"
    # shellcheck disable=SC2086 # a list of packages
    (cd "$work/catalogue" && npm pack --silent $packages >npm.log 2>&1) || return 1
    for archive in "$work"/catalogue/*.tgz; do
        mkdir -p "${archive%.tgz}" && tar -xzf "$archive" -C "${archive%.tgz}" --strip-components=1 \
            package/package.json package/dist/types/nodes.json || return 1
    done
    touch "$work/catalogue/complete"
}
if catalogue; then
    for kind in plain model; do
        node tests/peers/n8n/catalogue.mjs "$work/$kind/generated/salesiq-response/n8n" "$work"/catalogue/*/dist/types/nodes.json |
            sed "s/^\(ok\|not ok\) n8n_catalogue/&_$kind/"
    done
else
    echo "skipped: n8n_catalogue: no package registry"
fi

full() {
    [ ! -f "$work/full/complete" ] || return 0
    [ -n "$ZAGENT_N8N" ] || return 1
    mkdir -p "$work/full"
    cp tests/peers/n8n/package.json "$work/full/"
    (cd "$work/full" && npm install --silent --no-audit --no-fund --ignore-scripts --omit=dev --legacy-peer-deps &&
        npm rebuild --silent --build-from-source sqlite3) >"$work/full/npm.log" 2>&1 || return 1
    touch "$work/full/complete"
}
if full; then
    for kind in plain model; do
        rm -rf "${work:?}/home"
        mkdir -p "$work/home"
        export N8N_USER_FOLDER="$work/home" N8N_DIAGNOSTICS_ENABLED=false N8N_VERSION_NOTIFICATIONS_ENABLED=false
        if timeout 300 "$work/full/node_modules/.bin/n8n" import:workflow --separate \
            --input="$work/$kind/generated/salesiq-response/n8n" >"$work/import.log" 2>&1 &&
            grep -q 'Successfully imported 3 workflows' "$work/import.log"; then
            echo "ok n8n_imports_the_workflows_$kind"
        else
            echo "not ok n8n_imports_the_workflows_$kind"
            tail -5 "$work/import.log"
        fi
    done
else
    echo "skipped: n8n_import: n8n is not installed; ZAGENT_N8N=1 installs it"
fi
