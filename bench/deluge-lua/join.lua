return function(n)
    local total = 0
    for i = 0, n - 1 do
        local line = ""
        for _, part in ipairs({"a", "bc", "def", "ghij", "klmno"}) do
            line = line .. part .. "-" .. i .. ";"
        end
        total = total + utf8.len(line)
    end
    return total
end
