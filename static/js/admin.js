// The back office's searchable selects draw a field of their own over the select; it takes the
// select's label, which is otherwise lost to whoever cannot see it. They are drawn, and drawn
// anew, at moments that only their own script knows.
"use strict";

(() => {
  function name(select) {
    const label = document.querySelector(`label[for="${CSS.escape(select.id)}"]`);
    const drawn = select.nextElementSibling;
    const value = drawn?.querySelector("[role=textbox]");
    if (!label || !value) return;
    label.id ||= `${select.id}_label`;
    value.setAttribute("aria-labelledby", label.id);
    drawn.querySelector("[role=combobox]")?.setAttribute("aria-labelledby", `${label.id} ${value.id}`);
  }

  const searchable = document.getElementsByClassName("admin-autocomplete");
  const nameAll = () => [...searchable].forEach(name);
  new MutationObserver(nameAll).observe(document, { childList: true, subtree: true });
})();

// The review desk's single keys. Off until their reader switches them on, in this browser
// (WCAG 2.1.4), and never while something is being typed or with a modifier held.
document.addEventListener("DOMContentLoaded", () => {
  const note = document.querySelector("[data-keys]");
  if (!note) return;
  const SETTING = "prm-desk-keys";
  const box = note.querySelector("[data-keys-on]");
  box.checked = localStorage.getItem(SETTING) === "on";
  box.addEventListener("change", () => localStorage.setItem(SETTING, box.checked ? "on" : "off"));
  note.hidden = false;

  // Between a key and the page that it leads to, further keys would mean the page before.
  let leaving = false;
  addEventListener("pageshow", () => { leaving = false; });

  const typing = (element) => element.closest("input:not([type=checkbox]), select, textarea, [contenteditable]");

  document.addEventListener("keydown", (event) => {
    if (!box.checked || leaving || event.repeat || event.ctrlKey || event.altKey || event.metaKey) return;
    if (typing(event.target)) return;
    const key = CSS.escape(event.key.toLowerCase());
    const done = document.querySelector(`[data-key="${key}"]`);
    const field = document.querySelector(`[data-key-focus="${key}"] :is(select, input, textarea)`);
    if (!done && !field) return;
    event.preventDefault();
    if (!done) return field.focus();
    leaving = true;
    if (done instanceof HTMLFormElement) done.requestSubmit();
    else done.click();
  });
});
