return function(n)
    local counts, size = {}, 0
    for i = 0, n - 1 do
        local word = "w" .. i * 7919 % 1000
        if counts[word] ~= nil then
            counts[word] = counts[word] + 1
        else
            counts[word] = 1
            size = size + 1
        end
    end
    local most = 0
    for _, count in pairs(counts) do
        if count > most then
            most = count
        end
    end
    return size * 1000 + most
end
