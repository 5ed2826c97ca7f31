return function(n)
    local rows = {}
    for i = 0, n - 1 do
        local row = {}
        row.id = i
        row.owner = i % 50
        row.amount = i * 3
        row.open = i % 3 == 0
        rows[#rows + 1] = row
    end
    local totals = {}
    for _, row in ipairs(rows) do
        if row.open and row.amount ~= nil then
            local owner = row.owner
            totals[owner] = (totals[owner] or 0) + row.amount
        end
    end
    local sum = 0
    for _, total in pairs(totals) do
        sum = sum + total
    end
    return sum
end
