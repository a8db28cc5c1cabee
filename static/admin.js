// What the admin site's forms gain with JavaScript, beside portal.js, which every page has.
(() => {
  const $ = (s, r = document) => r.querySelector(s);
  const $$ = (s, r = document) => [...r.querySelectorAll(s)];
  const say = (text) => { const status = $("#announced"); if (status) status.textContent = text; };
  const reveal = (root) => { for (const b of $$("[data-add-row],[data-remove-row]", root)) b.hidden = false; };

  // Rows of a form: one more, one less. Their numbers stay in order, since the server counts them.
  addEventListener("click", (e) => {
    const rows = e.target.closest("[data-rows]"), add = e.target.closest("[data-add-row]");
    const gone = e.target.closest("[data-remove-row]")?.closest("tr");
    if (rows && add) addRow(rows);
    if (rows && gone) { gone.remove(); numberRows(rows); $("[data-add-row]", rows).focus(); say("Row removed"); }
  });
  function addRow(rows) {
    const row = $("template", rows).content.firstElementChild.cloneNode(true);
    $("tbody", rows).append(row);
    numberRows(rows); reveal(row);
    row.dispatchEvent(new CustomEvent("formset:added", { bubbles: true, detail: { formsetName: rows.dataset.rows } }));
    $("input:not([type=hidden]),select:not(.admin-autocomplete),.select2-selection", row)?.focus();
    say("Row added");
  }
  function numberRows(rows) {
    const prefix = rows.dataset.rows, numbered = new RegExp(`${prefix}-(\\d+|__prefix__)(?=-)`);
    const all = $$("tbody tr:has([name])", rows);
    all.forEach((row, n) => $$("*", row).forEach((e) => ["id", "name", "for", "aria-describedby"].forEach((a) => {
      if (e.hasAttribute(a)) e.setAttribute(a, e.getAttribute(a).replace(numbered, `${prefix}-${n}`));
    })));
    $(`[name="${prefix}-TOTAL_FORMS"]`, rows).value = all.length;
  }
  // Select2 draws controls of its own, which take the label of the select that they stand for.
  function labelDrawn() {
    for (const part of $$(":is(.select2-selection,.select2-search__field,.select2-results__options,[role=textbox].select2-selection__rendered):not([data-labelled])")) {
      const drawn = part.closest(".select2-hidden-accessible + .select2-container");
      const select = drawn?.previousElementSibling || $(".select2-hidden-accessible:has(+ .select2-container--open)");
      const label = select && $(`label[for="${select.id}"]`);
      if (!label) continue;
      label.id ||= `${select.id}_label`;
      part.setAttribute("aria-labelledby", `${label.id} ${part.getAttribute("aria-labelledby") || ""}`.trim());
      part.dataset.labelled = "";
    }
    for (const open of $$(".select2-selection[aria-owns]")) open.setAttribute("aria-controls", open.getAttribute("aria-owns"));
    for (const line of $$(".select2-results__message[role=alert]")) { line.setAttribute("role", "option"); line.setAttribute("aria-disabled", "true"); }
  }

  addEventListener("DOMContentLoaded", () => {
    reveal(document);
    new MutationObserver(labelDrawn).observe(document.body, { childList: true, subtree: true });
  });
})();
