return function(n)
    local sum = 0
    for i = 0, n - 1 do
        local a, b = 987654321 + i, i + 1
        for _ = 1, 64 do
            if b == 0 then
                break
            end
            local rest = a % b
            a = b
            b = rest
        end
        sum = sum + a
    end
    return sum
end
