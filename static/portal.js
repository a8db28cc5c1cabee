// What the pages gain with JavaScript; every one of them works without it.
(() => {
  const $ = (s, r = document) => r.querySelector(s);
  const $$ = (s, r = document) => [...r.querySelectorAll(s)];
  const pane = () => $("#pane");
  Object.assign(htmx.config, {
    allowEval: false, includeIndicatorStyles: false, selfRequestsOnly: true, historyCacheSize: 0,
    defaultSettleDelay: 0, historyRestoreAsHxRequest: false,
    responseHandling: [
      { code: "204", swap: false }, { code: "[23]..", swap: true }, { code: "409", swap: true },
      { code: "422", swap: true }, { code: "[45]..", swap: false, error: true },
    ],
  });
  const removeButtons = () => $$(".picked [name=remove]", pane());
  const asks = (element, verb) => element?.getAttribute(`data-hx-${verb}`);
  const hidden = (name, value) => Object.assign(document.createElement("input"), { type: "hidden", name, value });
  let opener = null, removed = -1, row = null, chord = 0;

  // Pane: the fragment is loaded into the native dialog, which traps focus and closes on Esc.
  addEventListener("htmx:beforeRequest", (e) => {
    if (e.detail.target !== pane()) return;
    if (!pane().open) opener = e.detail.elt;
    removed = removeButtons().findIndex((button) => e.detail.elt.contains(button));
  });
  addEventListener("htmx:afterSwap", (e) => {
    if (e.target !== pane()) return;
    if (!pane().open) pane().showModal();
  });
  addEventListener("htmx:afterSettle", (e) => { // htmx has put the focus on what has autofocus by now
    if (e.target !== pane()) return;
    const focus = (removed >= 0 && removeButtons()[removed]) || $("[autofocus]", pane()) || $("input,button", pane());
    if (focus) { focus.focus(); if (focus.select) focus.select(); }
    reveal(pane());
  });
  // Select was pressed: the page beneath is shown as it is now, and says what came of it.
  addEventListener("pane:done", async (e) => {
    const to = new URL(e.detail.to, location);
    if (to.pathname !== location.pathname) return location.assign(to);
    const boxes = new Map($$("main input[name=subdomains]").map((box) => [box.value, box.checked]));
    await htmx.ajax("GET", to.pathname, { target: "#main", select: "#main", swap: "outerHTML" });
    for (const box of $$("main input[name=subdomains]")) box.checked = boxes.get(box.value) ?? box.checked;
    pane().close();
    sayMessages();
  });
  addEventListener("close", (e) => {
    if (e.target !== pane()) return;
    pane().replaceChildren();
    const openers = $$("main [aria-haspopup=dialog]");
    const again = opener?.isConnected ? opener : openers.find((other) => asks(other, "get") === asks(opener, "get")) || openers[0];
    again?.focus();
  }, true);
  addEventListener("cancel", (e) => {
    const ask = e.target === pane() && $("[data-discard]", pane());
    if (ask) { e.preventDefault(); ask.click(); }
  }, true);

  // Remove in a table of the page: the focus goes to the next row's button, else to the button that adds.
  const tables = () => $$("main .table-cards"), rowButtons = (table) => (table ? $$("[name=remove]", table) : []);
  addEventListener("htmx:beforeRequest", (e) => {
    const table = e.detail.elt.name === "remove" && e.detail.elt.closest("main .table-cards");
    if (table) row = { table: tables().indexOf(table), at: rowButtons(table).indexOf(e.detail.elt) };
  });
  addEventListener("htmx:afterSettle", (e) => {
    if (e.target.id !== "main" || !row) return;
    const table = tables()[row.table];
    (rowButtons(table)[row.at] || $("[aria-haspopup=dialog]", table) || $("main [aria-haspopup=dialog]"))?.focus();
    row = null;
    sayMessages();
  });

  // The session is over, or another began: the form is sent as a page, so that the server can hold what was typed.
  addEventListener("session:over", (e) => {
    const form = e.target.closest?.("form[data-unsaved]") || $("main form[data-unsaved]"), typed = $("[name=domain]", pane());
    if (!form) return location.assign(e.detail.to);
    if (form.dataset.step) form.append(hidden("goto", form.dataset.step));
    if (typed) form.append(hidden("domain", typed.value));
    form.submit();
  });

  addEventListener("click", (e) => {
    if (e.target.closest("[data-close]")) { e.preventDefault(); pane().close(); }
    const copy = e.target.closest("[data-copy]");
    if (copy) navigator.clipboard.writeText(copy.dataset.copy).then(() => say("Copied"));
    const go = e.target.closest("a[data-goto]"), form = $("form[data-step]");
    if (go && form && !(e.ctrlKey || e.metaKey || e.shiftKey)) {
      e.preventDefault();
      form.append(hidden("goto", go.dataset.goto)); form.submit();
    }
  });

  // A form is sent once.
  addEventListener("submit", (e) => {
    const form = e.target;
    if (form.method === "dialog" || e.defaultPrevented) return;
    if (form.dataset.sent && !asks(form, "post") && !asks(form, "get")) { e.preventDefault(); return; }
    form.dataset.sent = "1";
    setTimeout(() => delete form.dataset.sent, 8000);
  });
  addEventListener("pageshow", () => $$("form[data-sent]").forEach((f) => delete f.dataset.sent));

  // When an answer takes longer than 400 ms: a thin bar, and a button that says what it does. It keeps its width.
  const bar = Object.assign(document.createElement("div"), { className: "busy" });
  let timer, waiting;
  function busy(button) {
    bar.classList.add("on");
    waiting = button && [button, [...button.childNodes]];
    if (button) { button.style.minWidth = `${button.offsetWidth}px`; button.setAttribute("aria-disabled", "true"); button.replaceChildren(button.dataset.busy); }
  }
  addEventListener("htmx:beforeRequest", (e) => {
    const button = $("[data-busy]", e.detail.elt);
    clearTimeout(timer); timer = setTimeout(busy, 400, button);
  });
  addEventListener("htmx:afterRequest", () => {
    clearTimeout(timer); bar.classList.remove("on");
    if (waiting) { waiting[0].replaceChildren(...waiting[1]); waiting[0].removeAttribute("aria-disabled"); waiting = null; }
  });

  // How much room is left, once it gets narrow; how many are ticked.
  let typing;
  addEventListener("input", (e) => {
    const limit = Number(e.target.dataset?.limit);
    if (limit) tellRoom(e.target, limit - [...e.target.value.trim()].length);
  });
  function tellRoom(field, left) {
    const told = field.parentElement.querySelector(".room") || field.insertAdjacentElement("afterend", Object.assign(document.createElement("p"), { className: "form-text room", ariaHidden: "true" }));
    told.textContent = left > 50 ? "" : left < 0 ? `${-left} too many` : `${left} left`;
    clearTimeout(typing);
    if (left <= 50) typing = setTimeout(() => say(`${told.textContent} of ${field.dataset.limit} characters`), 800);
  }
  addEventListener("change", (e) => e.target.matches?.("[name=person]") && tellTicked(e.target.closest("form")));
  function tellTicked(form) {
    const told = $(".ticked", form);
    if (told) told.textContent = `Selected (${$$("[name=person]:checked", form).length})`;
  }

  const sayMessages = () => say($$("main .note[role=status], main .note[role=alert]").map((note) => note.innerText).join(" "));
  function say(text) {
    const status = $("#announced") || document.body.appendChild(Object.assign(document.createElement("p"), { id: "announced", className: "visually-hidden", role: "status" }));
    status.textContent = text;
  }
  function reveal(root) {
    for (const b of $$("[data-copy]", root)) b.hidden = !navigator.clipboard;
    for (const b of $$("[data-without-js]", root)) b.hidden = true;
    for (const f of $$("form:has([name=person])", root)) tellTicked(f);
    for (const here of $$(":is(.steps,.views) [aria-current]", root)) here.scrollIntoView({ block: "nearest", inline: "center" });
  }

  // Keyboard: never while typing, never with a modifier, off in Account.
  const PLACES = { o: "/connected-organizations/", p: "/people/", a: "/audit-log/", l: "/allow-deny-list/" };
  addEventListener("keydown", (e) => {
    if (!("shortcuts" in document.body.dataset) || e.ctrlKey || e.metaKey || e.altKey || pane()?.open) return;
    if (e.target.closest("input,textarea,select,[contenteditable]")) return;
    const press = (hit, act) => { if (hit) { e.preventDefault(); act(); } };
    const link = (s) => $(s)?.click();
    if (chord && Date.now() - chord < 1200) {
      chord = 0;
      return press(e.key in PLACES, () => link(`.side a[href='${PLACES[e.key]}']`));
    }
    if (e.key === "g") { chord = Date.now(); return; }
    press(e.key === "/", () => ($("main input[type=search]") || $("#q"))?.focus());
    press(e.key === "?", () => $("#shortcuts")?.togglePopover());
    press(e.key === "n", () => link(".head .btn-primary"));
    if (e.key === "j" || e.key === "k") {
      const rows = $$("tbody .name"), at = rows.indexOf(document.activeElement);
      press(rows.length, () => rows[Math.max(0, Math.min(rows.length - 1, at + (e.key === "j" ? 1 : -1)))].focus());
    }
  });

  // The server shows times in the browser's time zone, whose name it reads from a cookie.
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone) document.cookie = `time_zone=${zone};path=/;max-age=31536000;samesite=lax${location.protocol === "https:" ? ";secure" : ""}`;

  addEventListener("DOMContentLoaded", () => {
    document.body.append(bar); say(""); reveal(document);
    addEventListener("htmx:afterSettle", (e) => reveal(e.target));
    $(".problem")?.focus();
    const open = $("a[data-open]"); // somebody signed in again and goes on in the pane
    if (open) { history.replaceState(null, "", location.pathname); open.click(); }
    // Keys: the page names a form of django-allauth's script, and the ids of that form's parts.
    for (const { dataset: { webauthn, ...ids } } of $$("[data-webauthn]")) {
      allauth.webauthn.forms[webauthn]({ ids });
      if (ids.add) $(`#${ids.add}`).form.addEventListener("submit", (e) => e.preventDefault()); // the script sends it, once there is a key
    }
  });
})();
