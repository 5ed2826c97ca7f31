#!/bin/sh
# tests/run itself: what it counts decides whether anybody hears of a failure.
cd "$(dirname "$0")/../.." || exit 1
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
unset LAST RUN_UNDER

fake() { # NAME, then the lines of a script that plays a test
    { echo '#!/bin/sh'; cat; } >"$work/$1"
    chmod +x "$work/$1"
}
fake good <<'X'
echo '[ RUN      ] a'; echo '[       OK ] a'
echo '[ RUN      ] b'; echo '[  SKIPPED ] b'; echo 'skipped: b: no network'
X
fake fails <<'X'
echo '[ RUN      ] a'; echo '[       OK ] a'
echo '[ RUN      ] b'; echo '[  FAILED  ] b'; echo 'the reason'; exit 1
X
fake crashes <<'X'
echo '[ RUN      ] a'; kill -SEGV $$
X
fake leaks <<'X'
echo '[ RUN      ] a'; echo '[       OK ] a'; exit 23
X
fake silent <<'X'
exit 0
X
fake repeats <<'X'
echo '[ RUN      ] a'; echo '[ RUN      ] a'; echo '[       OK ] a'; echo '[       OK ] a'
X
fake script.sh <<'X'
echo 'ok one'; echo 'not ok two'
X

says() { # NAME, expected last line, expected exit code, tests
    name=$1 want=$2 code=$3
    shift 3
    last=$(tests/run "$@" >"$work/out" 2>&1; echo "$?" >"$work/code"; tail -1 "$work/out")
    if [ "$last" = "$want" ] && [ "$(cat "$work/code")" = "$code" ]; then
        echo "ok $name"
    else
        echo "not ok $name"
        cat "$work/out"
    fi
}
says counts_passed_and_skipped '1 passed, 0 failed, 1 skipped' 0 "$work/good"
says counts_a_failure '1 passed, 1 failed, 0 skipped' 1 "$work/fails"
grep -q 'the reason' "$work/out" && echo "ok shows_why_it_failed" || echo "not ok shows_why_it_failed"
says counts_a_crash '0 passed, 1 failed, 0 skipped' 1 "$work/crashes"
says counts_a_leak '1 passed, 1 failed, 0 skipped' 1 "$work/leaks"
says counts_silence_as_failure '0 passed, 1 failed, 0 skipped' 1 "$work/silent"
says counts_a_name_once '1 passed, 0 failed, 0 skipped' 0 "$work/repeats"
says reads_scripts '1 passed, 1 failed, 0 skipped' 1 "$work/script.sh"
says counts_what_is_missing '0 passed, 1 failed, 0 skipped' 1 "$work/absent"
says adds_up '3 passed, 2 failed, 1 skipped' 1 "$work/good" "$work/fails" "$work/leaks"
LAST=$work/script.sh
export LAST
says runs_the_last_script '2 passed, 1 failed, 1 skipped' 1 "$work/good"
