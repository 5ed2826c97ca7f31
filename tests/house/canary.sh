#!/bin/sh
# The search for canaries finds one in each encoding, and says so by its exit code.
cd "$(dirname "$0")/../.." || exit 1
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
canary='Can/ary+"7" secret=Q'

finds() {
    printf '%s' "$2" >"$work/log"
    if tests/canary.sh "$canary" -- "$work/log" >/dev/null 2>&1; then
        echo "not ok finds_a_canary_$1"
    else
        echo "ok finds_a_canary_$1"
    fi
}

finds plain "before ${canary}after"
finds json 'x "Can/ary+\"7\" secret=Q" y'
finds json_with_escaped_slash 'Can\/ary+\"7\" secret=Q'
finds percent 'a=Can%2Fary%2B%227%22%20secret%3DQ&b'
finds percent_lower_case 'a=Can%2fary%2b%227%22%20secret%3dq'
finds percent_every_byte "$(printf '%s' "$canary" | od -An -v -tx1 | tr -d ' \n' | sed 's/../%&/g')"
for before in '' u us use; do
    finds "base64_after_${#before}" "Basic $(printf '%s%s:x' "$before" "$canary" | base64 -w 0)"
    finds "base64url_after_${#before}" "$(printf '%s%s' "$before" "$canary" | base64 -w 0 | tr '+/' '-_')"
done

printf 'nothing here: Can/ary secret' >"$work/log"
if tests/canary.sh "$canary" -- "$work/log" >/dev/null; then
    echo "ok leaves_other_text_alone"
else
    echo "not ok leaves_other_text_alone"
fi
