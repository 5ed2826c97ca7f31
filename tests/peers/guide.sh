#!/bin/sh
# The guide in a browser: it opens from disk, its script runs without an error, it asks nothing of any server, and on a
# phone nothing is wider than the screen.
cd "$(dirname "$0")/../.." || exit 1
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome)
for name in runs_without_an_error asks_no_server fits_a_phone ticks_come_back changed_ticks_are_refused; do
    [ -n "$browser" ] || echo "skipped: guide_$name: no Chromium"
done
[ -n "$browser" ] || exit 0

work=$PWD/build/peers/guide
rm -rf "$work"
mkdir -p "$work"
if ! .ci/demo ./zagent "$work/demo" >"$work/demo.log" 2>&1; then
    echo "not ok guide_is_made"
    tail -5 "$work/demo.log"
    exit 1
fi
guide=$work/demo/handed-over/quote-bom/guide.html

# The page stands in a frame as wide as a phone (a window cannot be that narrow) and tells what it finds out about itself
# to the frame's owner, which keeps it as its title; the first script sees every error.
head='<script>window.bad=[];addEventListener("error",e=>bad.push(e.message||e.target.tagName),true)</script>'
foot='<script>addEventListener("load",()=>setTimeout(()=>{let w=document.documentElement.clientWidth;
let wide=[...document.querySelectorAll("body *")].filter(n=>n.getBoundingClientRect().right>w+1&&!n.closest("pre,svg,figure,.scroll,table"));
parent.postMessage("bad="+bad.join(";")+" asked="+performance.getEntriesByType("resource").map(r=>r.name).join(";")+
" width="+document.documentElement.scrollWidth+"/"+w+" wide="+wide.slice(0,3).map(n=>n.tagName+"."+n.className).join(";"),"*")},100))</script>'
awk -v head="$head" -v foot="$(printf '%s' "$foot" | tr '\n' ' ')" '
    { if (!h && match($0, /<head[^>]*>/)) { print substr($0, 1, RSTART + RLENGTH - 1) head substr($0, RSTART + RLENGTH); h = 1 }
      else if ($0 ~ /<\/body>/) { sub(/<\/body>/, ""); print; print foot "</body>" }
      else print }' "$guide" >"$work/probe.html"

echo '<title>x</title><script>onmessage=e=>document.title=e.data</script><iframe src=probe.html width=390 height=844>' \
    >"$work/phone.html"
timeout 60 "$browser" --headless --no-sandbox --disable-gpu --disable-dev-shm-usage --user-data-dir="$work/profile" \
    --window-size=800,900 --virtual-time-budget=3000 --host-resolver-rules='MAP * ~NOTFOUND' \
    --dump-dom "file://$work/phone.html" >"$work/dom.html" 2>"$work/browser.log" </dev/null
title=$(sed -n 's/.*<title>\(bad=[^<]*\)<\/title>.*/\1/p' "$work/dom.html" | head -1)

verdict() { # NAME PATTERN
    if printf '%s\n' "$title" | grep -qE "$2"; then
        echo "ok guide_$1"
    else
        echo "not ok guide_$1"
        echo "the page says: '$title'"
    fi
}
verdict runs_without_an_error '^bad= asked='
verdict asks_no_server ' asked= width='
width=${title#* width=} width=${width%% *}
if [ -n "$title" ] && [ "${width%/*}" -le "${width#*/}" ] && [ "${width#*/}" -le 390 ]; then
    echo "ok guide_fits_a_phone"
else
    echo "not ok guide_fits_a_phone"
    echo "the page says: '$title'"
fi

# Somebody ticks the first page of one role, fills in the name and saves: what the page made is taken by zagent, and a changed
# copy of it is refused.
page=$(find "$work/demo/handed-over/quote-bom" -name 'guide-p*.html' | head -1)
act='<script>addEventListener("load",()=>{document.querySelectorAll(".tick input").forEach(b=>b.checked=true);
document.querySelectorAll(".told input").forEach(i=>i.value="It was found nowhere.");
document.getElementById("by").value="Ada Ünal";document.getElementById("save").click()})</script>'
awk -v act="$(printf '%s' "$act" | tr '\n' ' ')" '{ if ($0 ~ /<\/body>/) { sub(/<\/body>/, ""); print; print act "</body>" } else print }' \
    "$page" >"$work/ticked.html"
timeout 60 "$browser" --headless --no-sandbox --disable-gpu --disable-dev-shm-usage --user-data-dir="$work/profile2" \
    --virtual-time-budget=3000 --host-resolver-rules='MAP * ~NOTFOUND' --dump-dom "file://$work/ticked.html" \
    >"$work/ticked.dom" 2>"$work/browser.log" </dev/null
sed -n '/<pre id="ticks">-----BEGIN/,/-----END/p' "$work/ticked.dom" | sed 's/.*<pre id="ticks">//; s/<.*//' >"$work/ticks.txt"
rm -rf "$work/back"
cp -r "$work/demo" "$work/back"
sed 's/^by: .*/by: Somebody else/' "$work/ticks.txt" >"$work/changed.txt"
zagent=$PWD/zagent
if (cd "$work/back" && "$zagent" attest --from "$work/ticks.txt") >"$work/attest.out" 2>&1; then
    echo "ok guide_ticks_come_back"
else
    echo "not ok guide_ticks_come_back"
    cat "$work/attest.out" "$work/ticks.txt"
fi
if (cd "$work/back" && "$zagent" attest --from "$work/changed.txt") >"$work/attest.out" 2>&1; then
    echo "not ok guide_changed_ticks_are_refused"
else
    echo "ok guide_changed_ticks_are_refused"
fi
