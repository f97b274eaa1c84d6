// Progressive enhancement only: every page works without this file.
const root = document.documentElement;

// Menus made of <details>: close on Escape, on a click elsewhere, and when another opens.
const menus = () => document.querySelectorAll("details.menu[open]");
document.addEventListener("click", (event) => {
  for (const menu of menus()) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of menus()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// The summary of a refused form takes the focus, so that it is read first.
document.querySelector("[data-focus]")?.focus();

// A button with data-confirm asks before its form is sent.
function ask(text) {
  const dialog = document.createElement("dialog");
  dialog.className = "ask";
  const line = document.createElement("p");
  line.id = "ask-text";
  line.textContent = text;
  dialog.setAttribute("aria-labelledby", line.id);
  const row = document.createElement("form");
  row.method = "dialog";
  for (const [value, look] of [["cancel", "btn btn-outline-secondary"], ["confirm", "btn btn-primary"]]) {
    const button = document.createElement("button");
    button.value = value;
    button.className = look;
    button.textContent = root.getAttribute(`data-text-${value}`);
    row.append(button);
  }
  dialog.append(line, row);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "confirm");
    });
  });
}

// One submit, once: a second tap on a slow line must not send the form twice.
const agreed = new WeakSet();
document.addEventListener("submit", (event) => {
  const form = event.target;
  const button = event.submitter;
  if (form.method === "dialog") return;
  if (button?.dataset.confirm && !agreed.has(button)) {
    event.preventDefault();
    ask(button.dataset.confirm).then((yes) => {
      if (!yes) return button.focus();
      agreed.add(button);
      form.requestSubmit(button);
      agreed.delete(button);
    });
    return;
  }
  if (form.method !== "post" || event.defaultPrevented || button?.formTarget === "_blank") return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "1";
  form.setAttribute("aria-busy", "true");
  window.setTimeout(() => free(form), 15000); // the answer was a file, or none came
});
function free(form) {
  delete form.dataset.sent;
  form.removeAttribute("aria-busy");
}
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(free));

// form[data-guard]: leaving with unsaved changes asks first (the browser's own question).
const changed = new Set();
for (const form of document.querySelectorAll("form[data-guard]")) {
  form.addEventListener("input", () => changed.add(form));
  form.addEventListener("reset", () => changed.delete(form));
}
window.addEventListener("beforeunload", (event) => {
  if ([...changed].some((form) => !form.dataset.sent)) event.preventDefault();
});

// form[data-auto]: filters apply when a choice is made by pointer; keyboard users press the button.
let byPointer = false;
document.addEventListener("pointerdown", () => (byPointer = true));
document.addEventListener("keydown", () => (byPointer = false));
for (const form of document.querySelectorAll("form[data-auto]")) {
  form.addEventListener("change", (event) => {
    if (byPointer && event.target.matches("select, [type=checkbox], [type=radio]")) form.requestSubmit();
  });
}

// [data-reveal=id][data-reveal-when="a b"]: that element shows only while one of the values is chosen.
function reveal(box) {
  const target = document.getElementById(box.dataset.reveal);
  if (!target) return;
  const chosen = box.matches("select") ? box.value : (box.querySelector("input:checked")?.value ?? "");
  target.hidden = !(box.dataset.revealWhen ?? "").split(" ").includes(chosen);
}
for (const box of document.querySelectorAll("[data-reveal]")) {
  reveal(box);
  box.addEventListener("change", () => reveal(box));
}

// output[data-count=scope-id]: "x/y" over the chosen radio buttons inside the scope, as they are tapped.
for (const output of document.querySelectorAll("[data-count]")) {
  const scope = document.getElementById(output.dataset.count);
  if (!scope) continue;
  const skip = (output.dataset.countSkip ?? "").split(" ");
  const tell = () => {
    const values = [...scope.querySelectorAll(".segmented input:checked")].map((input) => input.value);
    const part = values.filter((value) => value === output.dataset.countValue).length;
    const whole = values.filter((value) => !skip.includes(value)).length;
    output.textContent = output.dataset.countText.replace("{n}", part).replace("{all}", whole);
  };
  scope.addEventListener("change", tell);
  tell();
}

// button[data-print] prints the page.
for (const button of document.querySelectorAll("button[data-print]")) {
  button.addEventListener("click", () => window.print());
}
