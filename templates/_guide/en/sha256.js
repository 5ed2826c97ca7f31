"use strict";
/* SHA-256 (FIPS 180-4): pages opened from a file have no crypto.subtle everywhere. */
function sha256(text) {
  var bytes = Array.from(unescape(encodeURIComponent(text)), function (c) { return c.charCodeAt(0); });
  var k = [], h = [], n = 2, bits = bytes.length * 8, i, t;
  function frac(x) { return ((x - Math.floor(x)) * 4294967296) | 0; }
  while (k.length < 64) {
    var prime = true;
    for (i = 2; i * i <= n; i += 1) if (n % i === 0) { prime = false; break; }
    if (prime) {
      if (h.length < 8) h.push(frac(Math.pow(n, 1 / 2)));
      k.push(frac(Math.pow(n, 1 / 3)));
    }
    n += 1;
  }
  bytes.push(128);
  while (bytes.length % 64 !== 56) bytes.push(0);
  for (i = 7; i >= 0; i -= 1) bytes.push(Math.floor(bits / Math.pow(2, 8 * i)) & 255);
  function rot(x, r) { return (x >>> r) | (x << (32 - r)); }
  for (var at = 0; at < bytes.length; at += 64) {
    var w = [], s = h.slice();
    for (t = 0; t < 64; t += 1) {
      if (t < 16) {
        w[t] = (bytes[at + 4 * t] << 24) | (bytes[at + 4 * t + 1] << 16) | (bytes[at + 4 * t + 2] << 8) | bytes[at + 4 * t + 3];
      } else {
        var a = w[t - 15], b = w[t - 2];
        w[t] = (w[t - 16] + (rot(a, 7) ^ rot(a, 18) ^ (a >>> 3)) + w[t - 7] + (rot(b, 17) ^ rot(b, 19) ^ (b >>> 10))) | 0;
      }
      var one = (s[7] + (rot(s[4], 6) ^ rot(s[4], 11) ^ rot(s[4], 25)) + ((s[4] & s[5]) ^ (~s[4] & s[6])) + k[t] + w[t]) | 0;
      var two = ((rot(s[0], 2) ^ rot(s[0], 13) ^ rot(s[0], 22)) + ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]))) | 0;
      s = [(one + two) | 0, s[0], s[1], s[2], (s[3] + one) | 0, s[4], s[5], s[6]];
    }
    for (i = 0; i < 8; i += 1) h[i] = (h[i] + s[i]) | 0;
  }
  return h.map(function (x) { return (x >>> 0).toString(16).padStart(8, "0"); }).join("");
}
