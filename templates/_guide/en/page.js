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
})();
