#!/bin/sh
# tests/canary.sh [CANARY… [-- LOG…]] — fails when a canary stands in build/test-output/ or a log: as it is,
# percent-encoded, in base64 (at each of the three alignments) or JSON-escaped. File names are searched too.
# A canary is a text that tests put into a secret's place; here it is found again where it must not be. Without
# arguments the canaries are the lines of build/test-canaries, which the tests that plant one append to, and every
# secret that the test run itself made: what stands in the homes of secrets. TEST_LOGS is a folder searched as well.
# The homes, where alone they may be: files of mode 0600 that the design names (sandbox.json, the sandbox's own stores,
# token files and credentials, and what a kill in the middle of writing one left beside it), and what `sandbox start` prints by design (sandbox.out).
cd "$(dirname "$0")/.." || exit 1
patterns=$(mktemp) || exit 1
trap 'rm -f "$patterns" "$patterns".*' EXIT

# base64 text of $1 when it starts $2 bytes into a group of three: only characters that are its own.
middle() {
    case $2 in 0) pad='' ;; 1) pad=x ;; *) pad=xx ;; esac
    bits=$(((${#pad} + ${#1}) * 8))
    printf '%s%s' "$pad" "$1" | base64 -w 0 | cut -c "$(($2 ? $2 + 2 : 1))-$((bits / 6))"
}

hex() {
    printf '%s' "$1" | od -An -v -tx1 | tr -d ' \n'
}

homes() {
    find build/test-output -type f \( -name sandbox.out -o -perm 0600 \( -name sandbox.json -o -name 'sandbox.db*' -o -name 'sandbox-*.db*' -o -name '*.token' -o -name '.zagent-*.tmp' -o \
        -name '*.credentials' -o -name '*.credentials.json' \) \) 2>/dev/null
}

if [ $# -eq 0 ]; then
    # In SQLite's pages a key and its value stand side by side.
    made=$(homes | xargs -r grep -ahoE '1000\.[0-9a-f]{32}\.[0-9a-f]{32}|client_secret"?:? ?"?[0-9a-f]{40}' |
        sed 's/^client_secret"*:* *"*//' | cat - build/test-canaries 2>/dev/null | sort -u)
    if [ -z "$made" ]; then
        echo "skipped: canary: the tests left no secret to look for"
        exit 0
    fi
    IFS='
'
    # shellcheck disable=SC2086 # one argument a line
    set -- $made ${TEST_LOGS:+-- "$TEST_LOGS"}
    unset IFS
fi
while [ $# -gt 0 ] && [ "$1" != -- ]; do
    [ "${#1}" -ge 8 ] || { echo "a canary of fewer than 8 bytes would be found everywhere: '$1'" >&2; exit 2; }
    {
        printf '%s\n' "$1"
        printf '%s\n' "$1" | sed 's|\\|\\\\|g; s|"|\\"|g'
        printf '%s\n' "$1" | sed 's|\\|\\\\|g; s|"|\\"|g; s|/|\\/|g'
        # Every byte as %XX, and only the bytes that must be.
        hex "$1" | sed 's/../%&/g'
        echo
        printf '%s\n' "$1" | sed 's/%/%25/g; s/ /%20/g; s|/|%2F|g; s/+/%2B/g; s/=/%3D/g; s/&/%26/g; s/"/%22/g; s/:/%3A/g'
        for alignment in 0 1 2; do
            middle "$1" "$alignment"
            middle "$1" "$alignment" | tr '+/' '-_'
        done
    } >>"$patterns"
    shift
done
[ $# -eq 0 ] || shift
# An empty line among the patterns would match every file.
sort -u "$patterns" | grep -v '^$' >"$patterns.x" && mv "$patterns.x" "$patterns"

places=''
[ ! -d build/test-output ] || places=build/test-output
homes | sort >"$patterns.homes"
# shellcheck disable=SC2086 # places is one word or none
hits=$(grep -rliaF -f "$patterns" $places "$@" /dev/null | sort | comm -23 - "$patterns.homes")
names=$(find $places "$@" /dev/null 2>/dev/null | grep -iF -f "$patterns")
if [ -n "$hits$names" ]; then
    printf 'a secret was written here:\n%s\n%s\n' "$hits" "$names" >&2
    echo "not ok no_canary_in_what_the_tests_left_behind"
    exit 1
fi
echo "ok no_canary_in_what_the_tests_left_behind"
