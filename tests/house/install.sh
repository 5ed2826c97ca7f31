#!/bin/sh
# make install puts everything below PREFIX, the program works from there alone, and uninstall leaves nothing.
cd "$(dirname "$0")/../.." || exit 1
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

is() { # NAME COMMAND…
    name=$1
    shift
    if "$@" >"$work/out" 2>&1; then echo "ok $name"; else echo "not ok $name"; cat "$work/out"; fi
}
# The program under test stands in for the release build, which would take minutes here.
is installs .ci/install install build/test/zagent "$work/root/usr"
is has_the_program test -x "$work/root/usr/bin/zagent"
is has_the_guide_wording test -d "$work/root/usr/share/zagent/templates/_guide/en"
is has_completions test -s "$work/root/usr/share/bash-completion/completions/zagent"
is has_the_manual_page grep -q '^\.Dt ZAGENT 1' "$work/root/usr/share/man/man1/zagent.1"
is has_the_documents_that_messages_name test -s "$work/root/usr/share/doc/zagent/docs/PLAYBOOKS.md"
mkdir -p "$work/home" "$work/project"
elsewhere() {
    (cd "$work/project" && env -i HOME="$work/home" PATH="$work/root/usr/bin:/usr/bin:/bin" "$@")
}
is says_its_version elsewhere zagent version
is starts_the_example elsewhere zagent init --example demo
is plans_the_example elsewhere zagent -C demo plan quote-bom
is uninstalls .ci/install uninstall - "$work/root/usr"
left=$(find "$work/root" -type f)
is leaves_nothing test -z "$left"
