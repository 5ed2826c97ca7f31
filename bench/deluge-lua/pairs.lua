return function(n)
    local values = {}
    for i = 0, n - 1 do
        values[#values + 1] = i * 7919 % 1009
    end
    local best = 0
    for _, a in ipairs(values) do
        for _, b in ipairs(values) do
            local d = a - b
            if d > best then
                best = d
            end
        end
    end
    return best
end
