// What the pages gain with JavaScript; every one of them works without it.
(() => {
  const $ = (s, r = document) => r.querySelector(s);
  const pane = () => $("#pane");
  let opener = null, chord = 0;

  // Pane: the fragment is loaded into the native dialog, which traps focus and closes on Esc.
  addEventListener("htmx:afterSwap", (e) => {
    if (e.target !== pane()) return;
    if (!pane().open) { opener = document.activeElement; pane().showModal(); }
    const focus = $("[autofocus]", pane()) || $("input,button", pane());
    if (focus) { focus.focus(); if (focus.select) focus.select(); }
    reveal(pane());
  });
  addEventListener("click", (e) => {
    if (e.target.closest("[data-close]")) { e.preventDefault(); pane().close(); }
    const copy = e.target.closest("[data-copy]");
    if (copy) navigator.clipboard.writeText(copy.dataset.copy).then(() => say("Copied"));
    const go = e.target.closest("a[data-goto]"), form = $("form[data-step]");
    if (go && form && !(e.ctrlKey || e.metaKey || e.shiftKey)) {
      e.preventDefault();
      const field = Object.assign(document.createElement("input"), { type: "hidden", name: "goto", value: go.dataset.goto });
      form.append(field); form.submit();
    }
    for (const open of document.querySelectorAll("details.row-menu[open]")) if (!open.contains(e.target)) open.open = false;
  });
  addEventListener("close", (e) => { if (e.target === pane()) { pane().replaceChildren(); opener?.focus(); } }, true);
  addEventListener("cancel", (e) => {
    const ask = e.target === pane() && $("[data-discard]", pane());
    if (ask) { e.preventDefault(); ask.click(); }
  }, true);

  // A form is sent once.
  addEventListener("submit", (e) => {
    const form = e.target;
    if (form.method === "dialog" || e.defaultPrevented) return;
    if (form.dataset.sent && !form.hasAttribute("hx-post") && !form.hasAttribute("hx-get")) { e.preventDefault(); return; }
    form.dataset.sent = "1";
    setTimeout(() => delete form.dataset.sent, 8000);
  });
  addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((f) => delete f.dataset.sent));

  // A thin bar when an answer takes longer than 400 ms.
  const busy = Object.assign(document.createElement("div"), { className: "busy" });
  let timer;
  addEventListener("htmx:beforeRequest", () => { timer = setTimeout(() => busy.classList.add("on"), 400); });
  addEventListener("htmx:afterRequest", () => { clearTimeout(timer); busy.classList.remove("on"); });

  function say(text) {
    let status = $("#said");
    if (!status) { status = Object.assign(document.createElement("p"), { id: "said", className: "visually-hidden" }); status.setAttribute("role", "status"); $("main").append(status); }
    status.textContent = text;
  }
  function reveal(root) {
    for (const b of root.querySelectorAll("[data-copy]")) b.hidden = !navigator.clipboard;
    for (const b of root.querySelectorAll("[data-without-js]")) b.hidden = true;
  }

  // Keyboard: never while typing, never with a modifier, off in Account.
  addEventListener("keydown", (e) => {
    if (!("shortcuts" in document.body.dataset) || e.ctrlKey || e.metaKey || e.altKey || pane()?.open) return;
    if (e.target.closest("input,textarea,select,[contenteditable]")) return;
    const press = (hit, act) => { if (hit) { e.preventDefault(); act(); } };
    const link = (s) => $(s)?.click();
    if (chord && Date.now() - chord < 1200) {
      chord = 0;
      return press("opal".includes(e.key), () => link({ o: ".side a[href='/connected-organizations/']", p: ".side a[href='/people/']", a: ".side a[href='/audit-log/']", l: ".side a[href='/allow-deny-list/']" }[e.key]));
    }
    if (e.key === "g") { chord = Date.now(); return; }
    press(e.key === "/", () => ($("main input[type=search]") || $("#q"))?.focus());
    press(e.key === "?", () => $("#shortcuts")?.togglePopover());
    press(e.key === "n", () => link(".head .btn-primary"));
    if (e.key === "j" || e.key === "k") {
      const rows = [...document.querySelectorAll("tbody .name")], at = rows.indexOf(document.activeElement);
      press(rows.length, () => rows[Math.max(0, Math.min(rows.length - 1, at + (e.key === "j" ? 1 : -1)))].focus());
    }
  });

  addEventListener("DOMContentLoaded", () => {
    document.body.append(busy); reveal(document);
    addEventListener("htmx:afterSettle", (e) => reveal(e.target));
    const problem = $(".problem"); if (problem) problem.focus();
  });
})();
