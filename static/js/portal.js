// What a script may add to pages that work without one. Nothing is inline, nothing is kept.
"use strict";

// Dialogs: a link or button with data-dialog="id" opens <dialog id="id">; without a script
// the link's own address shows the same form as a page.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  const dialog = opener && document.getElementById(opener.dataset.dialog);
  if (dialog && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    dialog.showModal();
  }
  if (event.target.nodeName === "DIALOG") {
    event.target.close(); // a click beside the dialog lands on its backdrop
  }
});

// Menus close on Escape, on a click outside, and when the focus leaves them.
function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(except)) menu.open = false;
  }
}
document.addEventListener("click", (event) => closeMenus(event.target));
document.addEventListener("focusin", (event) => closeMenus(event.target));
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && event.target.closest("details.menu[open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// Messages can be put away.
function offerDismissal(root) {
  for (const button of root.querySelectorAll("[data-dismiss][hidden]")) button.hidden = false;
}
document.addEventListener("click", (event) => {
  event.target.closest("[data-dismiss]")?.closest(".message").remove();
});

// A form that writes is sent once, however often its button is pressed. The buttons are not
// disabled, which would take the focus away and, in some browsers, outlive the page. They work
// again when the page comes back (Back), when its part was exchanged, or when no answer came.
const PATIENCE = 15000; // milliseconds; longer than any request may take
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.target) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  markSent(form, true);
  event.submitter?.setAttribute("aria-busy", "true");
  setTimeout(markSent, PATIENCE, form, false);
});
function markSent(form, sent) {
  if (sent) form.dataset.sent = "yes";
  else delete form.dataset.sent;
  for (const button of form.querySelectorAll("button, input[type=submit]")) {
    if (sent) button.setAttribute("aria-disabled", "true");
    else for (const name of ["aria-disabled", "aria-busy"]) button.removeAttribute(name);
  }
}
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) markSent(form, false);
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.target.matches?.("form[data-sent]")) markSent(event.target, false);
});

// Files can be dropped where they can be chosen.
function fileDrop(event) {
  const zone = event.target.closest?.(".file-drop");
  const input = zone?.querySelector("input[type=file]");
  if (!input || input.disabled) return;
  event.preventDefault();
  zone.classList.toggle("over", event.type === "dragover");
  if (event.type === "drop" && event.dataTransfer.files.length) {
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }
}
for (const type of ["dragover", "dragleave", "drop"]) document.addEventListener(type, fileDrop);

// A select that filters a list shows the result at once.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form.filters");
  if (form && event.target.nodeName === "SELECT") form.requestSubmit();
});

document.addEventListener("htmx:load", (event) => offerDismissal(event.detail.elt));
offerDismissal(document);
