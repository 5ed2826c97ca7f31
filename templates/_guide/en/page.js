"use strict";
(function () {
  var body = document.body, key = "zagent-guide/" + body.dataset.guide + "/";
  /* A page opened from a file may have no storage: ticks then last as long as the page. */
  var store = null;
  try { store = window.localStorage; store.getItem(key); } catch (e) { store = null; }

  function paint() {
    var steps = document.querySelectorAll(".step"), done = 0;
    steps.forEach(function (step) {
      var tick = step.querySelector(".tick input");
      step.classList.toggle("done", !!(tick && tick.checked));
      if (tick && tick.checked) done += 1;
    });
    var count = document.getElementById("count");
    if (count) count.textContent = done + " / " + steps.length;
  }
  document.querySelectorAll("input[data-tick]").forEach(function (box) {
    var name = key + box.dataset.tick, kept = store && store.getItem(name);
    if (kept) box.checked = kept === "1";
    box.addEventListener("change", function () {
      if (store) store.setItem(name, box.checked ? "1" : "0");
      paint();
    });
  });
  paint();

  function copy(text) {
    if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
    var area = document.createElement("textarea");
    area.value = text;
    body.appendChild(area);
    area.select();
    var ok = document.execCommand("copy");
    area.remove();
    return ok ? Promise.resolve() : Promise.reject();
  }
  document.querySelectorAll(".step code").forEach(function (code) {
    var button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = body.dataset.copy;
    button.setAttribute("aria-label", body.dataset.copy + ": " + code.textContent.slice(0, 60));
    button.addEventListener("click", function () {
      copy(code.textContent.replace(/\n$/, "")).then(function () {
        button.textContent = body.dataset.copied;
        setTimeout(function () { button.textContent = body.dataset.copy; }, 1500);
      }, function () { window.getSelection().selectAllChildren(code); });
    });
    var block = code.parentElement.tagName === "PRE";
    if (block) code.parentElement.insertAdjacentElement("beforebegin", button);
    else code.insertAdjacentElement("afterend", button);
  });

  /* ---- reporting back: the ticks as lines of text (agent/ticks.h), saved or mailed by the person, never sent from here ---- */
  var back = document.querySelector(".back");
  if (!back) return;

  function field(step, name, label) {
    var box = document.createElement("div"), id = name + "-" + step.id, l = document.createElement("label"), i = document.createElement("input");
    box.className = "told";
    l.htmlFor = i.id = id;
    l.textContent = label;
    i.type = "text";
    i.maxLength = 300;
    i.value = (store && store.getItem(key + id)) || "";
    i.addEventListener("input", function () { if (store) store.setItem(key + id, i.value); });
    box.append(l, i);
    step.querySelector(".witness, .word").append(box);
    return i;
  }
  var steps = Array.from(document.querySelectorAll(".step")).map(function (step) {
    var witness = step.querySelector(".witness"), word = witness || step.querySelector(".word");
    return {
      id: step.id.replace("step-", ""), tick: step.querySelector(".tick input"),
      title: (step.querySelector("h3") || step).textContent.trim(),
      seen: word && field(step, "seen", witness ? back.dataset.seen : back.dataset.word),
      witness: witness && field(step, "witness", back.dataset.witness)
    };
  });
  var by = document.getElementById("by"), told = document.getElementById("told");
  by.value = (store && store.getItem("zagent-guide/by")) || "";
  by.addEventListener("input", function () { if (store) store.setItem("zagent-guide/by", by.value); });

  function clean(text) { return text.replace(/\s+/g, " ").trim(); }
  function today() {
    var d = new Date();
    return d.getFullYear() + "-" + String(d.getMonth() + 1).padStart(2, "0") + "-" + String(d.getDate()).padStart(2, "0");
  }
  /* The text, or null with the reason shown. */
  function ticks() {
    var done = steps.filter(function (s) { return s.tick && s.tick.checked; }), name = clean(by.value);
    told.className = "";
    if (!done.length || !name) { told.textContent = back.dataset.none; return null; }
    var silent = done.filter(function (s) { return s.witness && !(clean(s.seen.value) && clean(s.witness.value)); });
    if (silent.length) { told.textContent = back.dataset.missing + " " + silent[0].title; return null; }
    var lines = ["playbook: " + body.dataset.playbook, "org: " + body.dataset.org, "plan: " + body.dataset.plan, "by: " + name, "date: " + today()];
    done.forEach(function (s) {
      lines.push("step: " + s.id);
      if (s.seen && clean(s.seen.value)) lines.push("seen: " + s.id + " " + clean(s.seen.value));
      if (s.witness) lines.push("witness: " + s.id + " " + clean(s.witness.value));
    });
    told.className = "ok";
    told.textContent = done.length + " / " + steps.length + " " + back.dataset.ticked;
    return "-----BEGIN ZAGENT TICKS-----\n" + lines.join("\n") + "\ncheck: " + sha256(lines.join("\n")).slice(0, 16) + "\n-----END ZAGENT TICKS-----\n";
  }
  function show(text) {
    var pre = document.getElementById("ticks");
    pre.textContent = text;
    pre.hidden = false;
  }
  document.getElementById("save").addEventListener("click", function () {
    var text = ticks();
    if (!text) return;
    show(text);
    var link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
    link.download = "ticks-" + body.dataset.playbook + "-" + today() + ".txt";
    link.click();
    setTimeout(function () { URL.revokeObjectURL(link.href); }, 10000);
  });
  document.getElementById("mail").addEventListener("click", function (event) {
    var text = ticks();
    if (!text) { event.preventDefault(); return; }
    show(text);
    this.href = "mailto:?subject=" + encodeURIComponent(back.dataset.subject + " " + body.dataset.playbook) + "&body=" + encodeURIComponent(text.replace(/\n/g, "\r\n"));
  });
})();
