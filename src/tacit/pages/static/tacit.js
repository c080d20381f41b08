// What pages do beyond links and forms, all of which work without this file: keys, copying, and parts that come later.
"use strict";

const all = (what, root = document) => [...root.querySelectorAll(what)];
const first = (what, root = document) => root.querySelector(what);

// Keys -------------------------------------------------------------------------------------------------------------

const OFF = "tacit-keys-off";
const keysAreOn = () => { try { return localStorage.getItem(OFF) === null; } catch { return true; } };
const dialog = first("#keys");

function showKeys() {
  if (!dialog.open) dialog.showModal();
}

function move(step) {
  const links = all("[data-list] [data-go]");
  if (!links.length) return false;
  const here = links.indexOf(document.activeElement);
  const next = here < 0 ? (step > 0 ? 0 : links.length - 1) : Math.min(links.length - 1, Math.max(0, here + step));
  links[next].focus();
  links[next].closest("[data-item]").scrollIntoView({ block: "nearest" });
  return true;
}

function focusFirst() {
  const field = first("[data-search]") || first("main form input:not([type=hidden]), main form textarea, main form select");
  if (!field) return false;
  field.focus();
  if (field.select) field.select();
  return true;
}

function follow(what) {
  const link = first(what);
  if (link) link.click();
  return Boolean(link);
}

const actions = {
  j: () => move(1),
  k: () => move(-1),
  ArrowDown: () => document.activeElement.matches("[data-go]") && move(1),
  ArrowUp: () => document.activeElement.matches("[data-go]") && move(-1),
  "/": focusFirst,
  n: () => follow("a[rel=next]"),
  p: () => follow("a[rel=prev]"),
  g: () => follow("a.mark"),
  "?": () => { showKeys(); return true; },
};

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && typing && typing.form) {
    event.preventDefault();
    typing.form.requestSubmit();
    return;
  }
  if (event.key === "Escape" && typing) { typing.blur(); return; }
  if (typing || event.ctrlKey || event.metaKey || event.altKey || dialog.open) return;
  const single = event.key.length === 1;
  if (single && !keysAreOn()) return;
  const action = Object.hasOwn(actions, event.key) && actions[event.key];
  if (action && action()) event.preventDefault();
});

for (const button of all("[data-keys]")) {
  button.hidden = false;
  button.addEventListener("click", showKeys);
}
const onOff = first("[data-keys-on]");
onOff.checked = keysAreOn();
onOff.addEventListener("change", () => {
  try { onOff.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "1"); } catch { /* private windows keep nothing */ }
});

// Copying ----------------------------------------------------------------------------------------------------------

function makeCopies(root) {
  if (!navigator.clipboard) return; // pages that are not on this machine and not encrypted may not
  for (const button of all("[data-copy]", root)) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.dataset.copy);
      button.textContent = "Copied";
      setTimeout(() => { button.textContent = "Copy"; }, 1500);
    });
  }
}
makeCopies(document);

// Parts that come later: the server escaped them as it does whole pages ---------------------------------------------

async function fetchLater(part, wait = 300) {
  await new Promise((done) => setTimeout(done, wait));
  const answer = await fetch(part.dataset.later, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!answer || !answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(`#${part.id}`);
  if (!fresh) return;
  part.replaceWith(fresh);
  makeCopies(fresh);
  if (fresh.dataset.later) fetchLater(fresh, Math.min(5000, wait * 2));
}
for (const part of all("[data-later]")) fetchLater(part);
