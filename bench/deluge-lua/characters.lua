return function(n)
    local text = "Quote 4711 for eight modules and a wallbox"
    local vowels = 0
    for i = 0, n - 1 do
        local at = i % 42
        local c = text:sub(at + 1, at + 1)
        if c == "a" or c == "e" or c == "i" or c == "o" or c == "u" then
            vowels = vowels + 1
        end
    end
    return vowels
end
