local function run(n)
    if n < 2 then
        return n
    end
    return run(n - 1) + run(n - 2)
end
return run
