#!/bin/sh
# The worksheet of a review in a browser: it opens from disk, asks nothing of any server, fits a phone; somebody decides by keyboard
# and mouse, saves, and zagent takes what the page made; a changed copy is refused.
cd "$(dirname "$0")/../.." || exit 1
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome)
for name in runs_without_an_error asks_no_server fits_a_phone has_a_label_for_every_input is_decided_by_keyboard comes_back \
    changed_is_refused; do
    [ -n "$browser" ] || echo "skipped: review_$name: no Chromium"
done
[ -n "$browser" ] || exit 0

work=$PWD/build/peers/review
zagent=$PWD/zagent
rm -rf "$work"
mkdir -p "$work"
if ! (cd "$work" && "$zagent" init --example demo -q && cd demo && "$zagent" review item-categories) >"$work/demo.log" 2>&1; then
    echo "not ok review_is_made"
    tail -5 "$work/demo.log"
    exit 1
fi
page=$work/demo/generated/item-categories/review/category-001.html

verdict() { # NAME PATTERN
    if printf '%s\n' "$title" | grep -qE "$2"; then
        echo "ok review_$1"
    else
        echo "not ok review_$1"
        echo "the page says: '$title'"
    fi
}

# As in guide.sh: a frame as wide as a phone, whose page tells what it finds out about itself.
head='<script>window.bad=[];addEventListener("error",e=>bad.push(e.message||e.target.tagName),true)</script>'
foot='<script>addEventListener("load",()=>setTimeout(()=>{let n=document.querySelectorAll("input,select");
parent.postMessage("bad="+bad.join(";")+" asked="+performance.getEntriesByType("resource").map(r=>r.name).join(";")+
" nameless="+[...n].filter(i=>!i.labels.length).length+" width="+document.documentElement.scrollWidth+"/"+document.documentElement.clientWidth,"*")},100))</script>'
awk -v head="$head" -v foot="$(printf '%s' "$foot" | tr '\n' ' ')" '
    { if (!h && match($0, /<head[^>]*>/)) { print substr($0, 1, RSTART + RLENGTH - 1) head substr($0, RSTART + RLENGTH); h = 1 }
      else if ($0 ~ /<\/body>/) { sub(/<\/body>/, ""); print; print foot "</body>" }
      else print }' "$page" >"$work/probe.html"
echo '<title>x</title><script>onmessage=e=>document.title=e.data</script><iframe src=probe.html width=390 height=844>' \
    >"$work/phone.html"
timeout 60 "$browser" --headless --no-sandbox --disable-gpu --disable-dev-shm-usage --user-data-dir="$work/profile" \
    --window-size=800,900 --virtual-time-budget=3000 --host-resolver-rules='MAP * ~NOTFOUND' \
    --dump-dom "file://$work/phone.html" >"$work/dom.html" 2>"$work/browser.log" </dev/null
title=$(sed -n 's/.*<title>\(bad=[^<]*\)<\/title>.*/\1/p' "$work/dom.html" | head -1)
verdict runs_without_an_error '^bad= asked='
verdict asks_no_server ' asked= nameless='
verdict has_a_label_for_every_input ' nameless=0 '
width=${title#* width=}
if [ -n "$title" ] && [ "${width%/*}" -le "${width#*/}" ] && [ "${width#*/}" -le 390 ]; then
    echo "ok review_fits_a_phone"
else
    echo "not ok review_fits_a_phone"
    echo "the page says: '$title'"
fi

# Down to the first, Enter agrees and goes on; 9 chooses the ninth for the second; 0 leaves the third; a click agrees on the fourth.
act='<script>addEventListener("load",()=>{let key=k=>document.activeElement.dispatchEvent(new KeyboardEvent("keydown",{key:k,bubbles:true,cancelable:true}));
key("ArrowDown");key("Enter");key("9");key("Enter");key("ArrowUp");key("0");key("ArrowDown");
document.querySelector("#row-4 .agree").click();let r=document.querySelector("#row-4 input");r.value="a > b  & \"c\"";
r.dispatchEvent(new Event("input"));document.getElementById("by").value="Ada Ünal";document.getElementById("save").click()})</script>'
awk -v act="$(printf '%s' "$act" | tr '\n' ' ' | sed 's/\\/\\\\/g; s/&/\\\\&/g')" \
    '{ if ($0 ~ /<\/body>/) { sub(/<\/body>/, ""); print; print act "</body>" } else print }' "$page" >"$work/decided.html"
timeout 60 "$browser" --headless --no-sandbox --disable-gpu --disable-dev-shm-usage --user-data-dir="$work/profile2" \
    --virtual-time-budget=3000 --host-resolver-rules='MAP * ~NOTFOUND' --dump-dom "file://$work/decided.html" \
    >"$work/decided.dom" 2>"$work/browser.log" </dev/null
sed -n '/<pre id="lines">-----BEGIN/,/-----END/p' "$work/decided.dom" | sed 's/.*<pre id="lines">//; s/<.*//; s/&gt;/>/g; s/&amp;/\&/g' \
    >"$work/decisions.txt"
title=$(grep '^row' "$work/decisions.txt" | sed 's/ k[0-9a-f]*//' | tr '\n' '|')
verdict is_decided_by_keyboard '^row: 1 Protection and metering[|]row: 2 Service[|]row: 4 Accessory[|]$'
if (cd "$work/demo" && "$zagent" review item-categories --import "$work/decisions.txt") >"$work/import.out" 2>&1 &&
    grep -q 'SPD,Protection and metering,Ada Ünal,.*,agreed,' "$work/demo/context/item-decisions.csv" &&
    grep -q 'BIRD,Accessory,Ada Ünal,.*"a > b & ""c"""' "$work/demo/context/item-decisions.csv"; then
    echo "ok review_comes_back"
else
    echo "not ok review_comes_back"
    cat "$work/import.out" "$work/decisions.txt" "$work/demo/context/item-decisions.csv"
fi
sed 's/^by: .*/by: Somebody else/' "$work/decisions.txt" >"$work/changed.txt"
if (cd "$work/demo" && "$zagent" review item-categories --import "$work/changed.txt") >"$work/import.out" 2>&1; then
    echo "not ok review_changed_is_refused"
else
    echo "ok review_changed_is_refused"
fi
