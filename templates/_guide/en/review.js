(function () {
  var body = document.body, d = body.dataset;
  var key = "zagent-review/" + d.org + "/" + d.playbook + "/" + d.batch + "/";
  /* A page opened from a file may have no storage: choices then last as long as the page. */
  var store = null;
  try { store = window.localStorage; store.getItem(key); } catch (e) { store = null; }
  function kept(name) { return (store && store.getItem(key + name)) || ""; }
  function keep(name, value) { if (store) store.setItem(key + name, value); }

  var items = Array.from(document.querySelectorAll(".item")).map(function (el) {
    /* A record that changed since has another check: what was chosen for the old one does not count. */
    var n = el.dataset.n, name = n + "/" + el.dataset.check;
    var it = { el: el, n: n, name: name, value: el.querySelector("select"), remark: el.querySelector("input"), agree: el.querySelector(".agree") };
    it.value.value = kept(name);
    if (it.value.selectedIndex < 0) it.value.selectedIndex = 0;
    it.remark.value = kept(name + "/remark");
    return it;
  });
  var by = document.getElementById("by"), told = document.getElementById("told");
  if (kept("by")) by.value = kept("by");
  by.addEventListener("input", function () { keep("by", by.value); });

  function paint() {
    var done = 0;
    items.forEach(function (it) {
      var v = it.value.value;
      it.el.classList.toggle("decided", !!v);
      if (it.agree) it.agree.classList.toggle("on", v === it.el.dataset.proposed);
      if (v) done += 1;
    });
    document.getElementById("count").textContent = done + " / " + items.length + " decided";
  }
  function choose(it, value) {
    it.value.value = value;
    keep(it.name, it.value.value);
    paint();
  }
  function go(i) {
    if (items[i]) { items[i].el.focus(); items[i].el.scrollIntoView({ block: "nearest" }); }
  }
  function shown(it) { return !(body.classList.contains("only") && it.value.value); }
  function next(from, step, open) {
    for (var i = from + step; i >= 0 && i < items.length; i += step) {
      if (shown(items[i]) && !(open && items[i].value.value)) { go(i); return; }
    }
  }
  items.forEach(function (it, i) {
    it.value.addEventListener("change", function () { choose(it, it.value.value); });
    it.remark.addEventListener("input", function () { keep(it.name + "/remark", it.remark.value); });
    if (it.agree) it.agree.addEventListener("click", function () { choose(it, it.el.dataset.proposed); next(i, 1, true); });
  });
  document.getElementById("only").addEventListener("change", function () { body.classList.toggle("only", this.checked); });
  document.addEventListener("keydown", function (event) {
    var at = items.findIndex(function (it) { return it.el.contains(document.activeElement); });
    var tag = event.target.tagName, k = event.key;
    if (event.ctrlKey || event.altKey || event.metaKey || tag === "INPUT" || tag === "SELECT" || tag === "BUTTON" || tag === "SUMMARY" || tag === "A") return;
    if (k === "ArrowDown") next(at, 1, false);
    else if (k === "ArrowUp") next(at < 0 ? items.length : at, -1, false);
    else if (k === "u") next(at, 1, true);
    else if (at >= 0 && k === "Enter" && items[at].agree) { choose(items[at], items[at].el.dataset.proposed); next(at, 1, false); }
    else if (at >= 0 && k === "0") choose(items[at], "");
    else if (at >= 0 && /^[1-9]$/.test(k) && items[at].value.options[+k]) { choose(items[at], items[at].value.options[+k].value); next(at, 1, false); }
    else return;
    event.preventDefault();
  });
  paint();

  /* ---- reporting back: the choices as lines of text (agent/marked.h), saved or mailed by the person, never sent from here ---- */
  function clean(text) { return text.replace(/\s+/g, " ").trim(); }
  function today() {
    var t = new Date();
    return t.getFullYear() + "-" + String(t.getMonth() + 1).padStart(2, "0") + "-" + String(t.getDate()).padStart(2, "0");
  }
  /* The text, or null with the reason shown. */
  function decisions() {
    var done = items.filter(function (it) { return it.value.value; }), name = clean(by.value);
    told.className = "";
    if (!done.length) { told.textContent = "Nothing is decided yet."; return null; }
    if (!name) { told.textContent = "Say who decided."; by.focus(); return null; }
    var lines = ["playbook: " + d.playbook, "review: " + d.review, "org: " + d.org, "batch: " + d.batch, "by: " + name, "date: " + today()];
    done.forEach(function (it) {
      lines.push("row: " + it.n + " " + it.el.dataset.check + " " + it.value.value);
      if (clean(it.remark.value)) lines.push("remark: " + it.n + " " + clean(it.remark.value));
    });
    told.className = "ok";
    told.textContent = done.length + " / " + items.length + " decisions in the file.";
    return "-----BEGIN ZAGENT DECISIONS-----\n" + lines.join("\n") + "\ncheck: " + sha256(lines.join("\n")).slice(0, 16) + "\n-----END ZAGENT DECISIONS-----\n";
  }
  function show(text) {
    var pre = document.getElementById("lines");
    pre.textContent = text;
    pre.hidden = false;
  }
  document.getElementById("save").addEventListener("click", function () {
    var text = decisions();
    if (!text) return;
    show(text);
    var link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
    link.download = "decisions-" + d.batch + "-" + today() + ".txt";
    link.click();
    setTimeout(function () { URL.revokeObjectURL(link.href); }, 10000);
  });
  document.getElementById("mail").addEventListener("click", function (event) {
    var text = decisions();
    if (!text) { event.preventDefault(); return; }
    show(text);
    this.href = "mailto:?subject=" + encodeURIComponent("Decisions " + d.batch) + "&body=" + encodeURIComponent(text.replace(/\n/g, "\r\n"));
  });
})();
