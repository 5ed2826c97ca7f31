#!/bin/sh
# The sandbox's page in Chromium: it opens by its address, fits a phone and a desk, can be used by keyboard, saves a form, and
# refuses another site's. The forms themselves are driven without a browser in tests/sandbox/test_page.c.
cd "$(dirname "$0")/../.." || exit 1
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome)
for name in opens_by_its_address looks_as_its_stylesheet_says fits_phone_and_desk presses_no_name_or_path_in_a_table has_a_label_for_every_input \
    lets_the_keyboard_skip_the_menu shows_a_refusal_at_its_field saves_a_form asks_no_other_server runs_without_an_error \
    refuses_the_form_of_another_site; do
    [ -n "$browser" ] || echo "skipped: page_$name: no Chromium"
    [ -z "$browser" ] || command -v node >/dev/null || echo "skipped: page_$name: no Node"
done
[ -n "$browser" ] && command -v node >/dev/null || exit 0

work=$PWD/build/peers/page
rm -rf "$work"
mkdir -p "$work"
if ! .ci/demo ./zagent "$work/demo" >"$work/demo.log" 2>&1; then
    echo "not ok page_has_an_org"
    tail -5 "$work/demo.log"
    exit 1
fi
./zagent -C "$work/demo" --json sandbox start >"$work/start.json" 2>"$work/start.err" &
sandbox=$!
trap 'kill $sandbox 2>/dev/null; wait $sandbox' EXIT
until [ -s "$work/start.json" ]; do
    kill -0 $sandbox 2>/dev/null || { echo "not ok page_has_an_org"; cat "$work/start.err"; exit 1; }
    sleep 0.1
done
url=$(sed -n 's/.*"page_url":"\([^"]*\)".*/\1/p' "$work/start.json")
node tests/peers/page.js "$browser" "$url" "$work"
