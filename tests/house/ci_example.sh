#!/bin/sh
# docs/ci-example.yml: each of its commands, on a sound project and on one with a mistake of each sort.
cd "$(dirname "$0")/../.." || exit 1
root=$(pwd)
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/bin" "$work/home" "$work/repo/functions"
# The program under test stands in for the installed one; make only says what it would do, and sudo is nobody here.
ln -s "$root/build/test/zagent" "$work/bin/zagent"
printf '#!/bin/sh\nexec "$@"\n' >"$work/bin/sudo"
printf '#!/bin/sh\nexec /usr/bin/make -n "$@"\n' >"$work/bin/make"
chmod +x "$work/bin/sudo" "$work/bin/make"
ln -s "$root" "$work/repo/zagent"

sed -n 's/^ *run: //p' docs/ci-example.yml >"$work/commands"

step() { # N: the exit code of the Nth command in the project
    (cd "$work/repo" && env -i HOME="$work/home" PATH="$work/bin:/usr/bin:/bin" LC_ALL=C.UTF-8 sh -c "$(sed -n "$1p" "$work/commands")") \
        >"$work/out" 2>&1
    echo $?
}
is() { # NAME WANTED GOT
    if [ "$2" = "$3" ]; then echo "ok $1"; else echo "not ok $1: $3 instead of $2"; cat "$work/out"; fi
}
holds() { # NAME FILE TEXT
    if grep -q "$3" "$work/repo/$2"; then echo "ok $1"; else echo "not ok $1: no $3 in $2"; fi
}

is has_the_commands_tested_here 5 "$(wc -l <"$work/commands")"
{
    printf 'string standalone.twice(Int n)\n{\n\treturn (n * 2).toString();\n}\n' >"$work/repo/functions/twice.dg"
    printf 'format: 1\nfunction: twice\ncases:\n  - {name: two, input: {n: 2}, expect: {return: "4"}}\n' \
        >"$work/repo/functions/twice.test.yaml"
}
is knows_what_it_is_built_with 0 "$(step 1)"
is installs 0 "$(step 2)"
is checks_a_sound_project 0 "$(step 3)"
holds writes_sarif deluge.sarif '"version": "2.1.0"'
is finds_the_layout_right 0 "$(step 4)"
is passes_the_tests 0 "$(step 5)"
holds writes_junit deluge-tests.xml '<testcase'
holds writes_coverage deluge.info 'end_of_record'

printf 'string standalone.twice(Int n)\n{\n  m = {"n":n};\n  return m.get("x").get("y");\n}\n' >"$work/repo/functions/twice.dg"
is reports_findings 3 "$(step 3)"
holds says_where deluge.sarif '"uri": "functions/twice.dg"'
is reports_another_layout 3 "$(step 4)"
is reports_a_failed_test 3 "$(step 5)"
holds tells_junit deluge-tests.xml '<failure'
printf 'string standalone.twice(Int n)\n{\n\treturn n\n}\n' >"$work/repo/functions/twice.dg"
is reports_text_that_is_no_deluge 2 "$(step 3)"
holds tells_it_in_sarif deluge.sarif '"ruleId": "DL004"'
