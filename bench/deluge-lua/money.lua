-- Binary fractions: Lua has no exact decimals. The result is rounded to cents at the end.
return function(n)
    local total = 0.0
    for i = 0, n - 1 do
        local price = 19.95
        local quantity = i % 12 + 1
        local line = math.floor(price * quantity * 100 + 0.5) / 100
        total = total + line
    end
    return string.format("%.2f", total)
end
