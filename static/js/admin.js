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
