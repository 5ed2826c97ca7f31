// bench/acorn.js PACKAGE — parses acorn's own source with acorn for about a second of processor time, once warm; prints
// MB/s. A parser of another language: only the order of size says something.
const fs = require("fs");
const acorn = require(require("path").resolve(process.argv[2]));
const text = fs.readFileSync(process.argv[2], "utf8");
const busy = () => process.cpuUsage().user / 1e6;
for (let warm = 0; warm < 10; warm++) acorn.parse(text, { ecmaVersion: "latest", locations: true });
const begin = busy();
let rounds = 0;
for (; busy() - begin < 1; rounds++) acorn.parse(text, { ecmaVersion: "latest", locations: true });
console.log(((text.length * rounds) / 1e6 / (busy() - begin)).toFixed(1));
