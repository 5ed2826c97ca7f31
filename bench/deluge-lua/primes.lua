return function(n)
    local primes = {2}
    for i = 3, n - 1 do
        local prime = true
        for _, p in ipairs(primes) do
            if p * p > i then
                break
            end
            if i % p == 0 then
                prime = false
                break
            end
        end
        if prime then
            primes[#primes + 1] = i
        end
    end
    return #primes
end
