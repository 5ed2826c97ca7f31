-- tests/peers/lsp.lua — runs inside Neovim 0.7 or later, after the set-up of docs/EDITORS.md: what a person would do by
-- hand with a script, and what the editor then shows. Prints "ok NAME" or "not ok NAME: why".
local failed = false

local function say(line)
  io.stdout:write(line .. "\n")
end

local function test(name, body)
  local ok, why = pcall(body)
  failed = failed or not ok
  say(ok and "ok lsp_neovim_" .. name or "not ok lsp_neovim_" .. name .. ": " .. tostring(why):gsub("\n", " "))
end

local function soon(what, true_at_last)
  assert(vim.wait(20000, true_at_last, 20), what .. " never came")
end

local function request(method, line, character)
  local params = { textDocument = { uri = vim.uri_from_bufnr(0) }, position = { line = line, character = character } }
  for _, reply in pairs(assert(vim.lsp.buf_request_sync(0, method, params, 20000))) do
    assert(not reply.err, "an error came back")
    return reply.result
  end
  error("no server answered")
end

local function typed(...)
  vim.api.nvim_buf_set_lines(0, 0, -1, false, { ... })
end

vim.fn.writefile({ "x = 1", "info x;" }, "a.dg")
vim.cmd("edit a.dg")

test("starts_with_the_set_up_of_the_manual", function()
  soon("the server", function()
    local attached = vim.lsp.get_clients and vim.lsp.get_clients({ bufnr = 0 }) or vim.lsp.buf_get_clients(0)
    return next(attached) ~= nil
  end)
  assert(vim.bo.filetype == "deluge")
end)

test("shows_a_missing_semicolon_where_it_is_missing", function()
  soon("the finding", function()
    return #vim.diagnostic.get(0) == 1
  end)
  local d = vim.diagnostic.get(0)[1]
  assert(d.lnum == 0 and d.col == 5, d.lnum .. ":" .. d.col)
  assert(d.message:find("missing ';'", 1, true), d.message)
end)

test("takes_the_finding_away_when_it_is_mended", function()
  vim.api.nvim_buf_set_text(0, 0, 5, 0, 5, { ";" })
  soon("the end of the finding", function()
    return #vim.diagnostic.get(0) == 0
  end)
end)

test("finds_the_place_behind_letters_of_several_bytes", function()
  typed('info "äö😀" y;')
  soon("the finding", function()
    return #vim.diagnostic.get(0) == 1
  end)
  assert(vim.diagnostic.get(0)[1].col == 16, vim.diagnostic.get(0)[1].col) -- bytes, as Neovim counts
end)

test("formats_the_buffer", function()
  typed("if( a==1 ){info  a;}")
  if vim.lsp.buf.format then
    vim.lsp.buf.format({ timeout_ms = 20000 })
  else
    vim.lsp.buf.formatting_sync(nil, 20000)
  end
  local lines = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), "\n")
  assert(lines == "if(a == 1)\n{\n\tinfo a;\n}", lines)
end)

test("explains_a_built_in_under_the_cursor", function()
  typed('x = "a".toUpperCase();')
  local hover = request("textDocument/hover", 0, 10)
  assert(hover.contents.value:find("toUpperCase", 1, true), hover.contents.value)
end)

test("completes_the_names_of_built_ins", function()
  typed("info zoho.crm.;")
  local found = false
  for _, item in ipairs(request("textDocument/completion", 0, 14)) do
    found = found or item.label == "updateRecord"
  end
  assert(found, "updateRecord is not offered")
end)

test("lists_the_functions", function()
  typed("void automation.a(int id)", "{", "}")
  local symbols = request("textDocument/documentSymbol", 0, 0)
  assert(#symbols == 1 and symbols[1].name == "a")
end)

vim.cmd(failed and "cquit 1" or "qall!")
