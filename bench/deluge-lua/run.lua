-- run.lua FILE N: CPU milliseconds and the result of FILE's function.
local run = dofile(arg[1])
local before = os.clock()
local result = run(tonumber(arg[2]))
print(string.format("%.1f %s", (os.clock() - before) * 1000, result))
