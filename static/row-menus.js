// The menus of the rows of a list: a button in each row, and one template of links, which are beneath the row's own.
(() => {
  const $ = (s, r = document) => r.querySelector(s);
  const $$ = (s, r = document) => [...r.querySelectorAll(s)];

  function addMenus(root) {
    for (const cell of $$(".orgs:not(.gone) .act:empty", root)) {
      const name = $(".name", cell.closest("tr")).textContent;
      cell.append(Object.assign(document.createElement("button"), { className: "i-more", type: "button", ariaLabel: `Actions for ${name}`, ariaExpanded: "false" }));
    }
  }
  function openMenu(opener) {
    const menu = Object.assign(document.createElement("div"), { className: "menu-list" });
    const row = opener.closest("tr"), kind = "proposed" in row.dataset ? "proposed" : "others";
    menu.append($("#row-menu").content.cloneNode(true));
    for (const link of $$("a", menu)) {
      link.setAttribute("href", $(".name", row).getAttribute("href") + link.getAttribute("href"));
      if ((link.dataset.for ?? kind) !== kind) link.remove();
    }
    opener.after(menu);
    opener.ariaExpanded = "true";
  }
  function closeMenu() {
    const opener = $(".i-more[aria-expanded=true]");
    opener?.nextElementSibling?.remove();
    if (opener) opener.ariaExpanded = "false";
    return opener;
  }

  addEventListener("click", (e) => {
    const opener = e.target.closest(".i-more"), wasOpen = opener?.ariaExpanded === "true";
    closeMenu();
    if (opener && !wasOpen) openMenu(opener);
  });
  addEventListener("keydown", (e) => {
    if (e.key === "Escape") closeMenu()?.focus();
  });
  addEventListener("DOMContentLoaded", () => {
    addMenus(document);
    addEventListener("htmx:afterSettle", (e) => addMenus(e.target));
  });
})();
