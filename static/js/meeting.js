// Progressive enhancement of the meeting form: another day brings that day's roll without a second tap.
const field = document.querySelector("[data-reload]");
const button = field && document.getElementById(field.dataset.reload);
if (button) {
  let known = field.value;
  field.addEventListener("change", () => {
    const complete = /^(\d{1,2}[/.-]\d{1,2}[/.-]\d{4}|\d{4}-\d{2}-\d{2})$/.test(field.value.trim());
    if (!complete || field.value === known || !navigator.onLine) return;
    known = field.value;
    field.form.requestSubmit(button);
    hold(true);
    window.setTimeout(hold, 15000, false);
  });
  // What is typed while the roll is on its way, over a slow line, would be lost: the form waits.
  const hold = (waiting) => (field.form.inert = waiting);
  window.addEventListener("pageshow", () => hold(false));
}

// One empty line waits at the end of the points and of the tasks: typing in it brings the next one.
const MOST = 40;
for (const list of document.querySelectorAll("[data-lines]")) {
  const kind = list.dataset.lines;
  list.addEventListener("input", (event) => {
    const line = event.target.closest("li");
    const title = line.querySelector(`[name$="-title"]`);
    if (event.target === title) line.querySelector("summary").textContent = title.value || line.dataset.empty;
    if (line === list.lastElementChild && title.value.trim()) grow(list);
  });
}
function grow(list) {
  const number = list.children.length;
  if (number >= MOST) return;
  const kind = list.dataset.lines;
  const next = list.lastElementChild.cloneNode(true);
  for (const one of next.querySelectorAll("[id], [name], [for]")) {
    for (const name of ["id", "name", "for"]) {
      const value = one.getAttribute(name);
      if (value) one.setAttribute(name, value.replace(`${kind}-${number}-`, `${kind}-${number + 1}-`));
    }
    if ("value" in one) one.value = "";
  }
  next.querySelector("details").open = false;
  next.querySelector("summary").textContent = next.dataset.empty;
  list.append(next);
}
// A form that was kept with more lines than this page has asks for them.
document.addEventListener("missing-line", ({ detail }) => {
  const [kind, number] = detail.split("-");
  const list = document.querySelector(`[data-lines="${kind}"]`);
  while (list && list.children.length < Math.min(Number(number) || 0, MOST)) grow(list);
});
