#!/bin/sh
# The language server behind two clients that others wrote: Neovim, set up as docs/EDITORS.md says, and Microsoft's
# protocol library for Node, which also judges the shape of every answer.
cd "$(dirname "$0")/../.." || exit 1
work=$PWD/build/peers/lsp
rm -rf "$work/project"
mkdir -p "$work/project/snap/fields"
cp zagent "$work/zagent"
PATH=$work:$PATH
export PATH

# The snapshot of a small org: one module, one field.
echo '[{"id":"1","api_name":"Deals","plural_label":"Opportunities"}]' >"$work/project/snap/modules.json"
echo '[{"id":"2","api_name":"Stage","field_label":"Phase"}]' >"$work/project/snap/fields/Deals.json"

package=vscode-languageserver-protocol
if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
    echo "skipped: lsp_node: no Node"
elif [ ! -d "$work/node_modules/$package" ] &&
    ! npm install --silent --no-audit --no-fund --prefix "$work" $package@3.17.5 >/dev/null 2>&1; then
    echo "skipped: lsp_node: npm has no $package here"
else
    (cd "$work/project" && NODE_PATH=$work/node_modules timeout 120 node ../../../../tests/peers/lsp.js) ||
        echo "not ok lsp_node_ran_to_its_end"
fi

if ! command -v nvim >/dev/null; then
    echo "skipped: lsp_neovim: no Neovim"
    exit 0
fi
# The block of EDITORS.md for this version is the set-up that is tried.
heading='Neovim 0.7 to 0.10'
case $(nvim --version | head -1) in *' v0.1'[1-9]* | *' v'[1-9]*) heading='Neovim 0.11' ;; esac
awk -v heading="## $heading" '/^## /{here = $0 ~ "^" heading} here && /^```$/{exit} here && code; here && /^```lua$/{code = 1}' \
    docs/EDITORS.md >"$work/setup.lua"
(cd "$work/project" && XDG_STATE_HOME=$work/state XDG_CACHE_HOME=$work/cache timeout 120 \
    nvim --headless -u NONE -i NONE -n -S ../setup.lua -S ../../../../tests/peers/lsp.lua 2>&1) ||
    echo "not ok lsp_neovim_ran_to_its_end"
