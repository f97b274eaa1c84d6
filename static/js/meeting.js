// Progressive enhancement of the meeting form: another day brings that day's roll without a second tap.
const field = document.querySelector("[data-reload]");
const button = field && document.getElementById(field.dataset.reload);
if (button) {
  let known = field.value;
  field.addEventListener("change", () => {
    const complete = /^(\d{1,2}[/.-]\d{1,2}[/.-]\d{4}|\d{4}-\d{2}-\d{2})$/.test(field.value.trim());
    if (!complete || field.value === known) return;
    known = field.value;
    field.form.requestSubmit(button);
    hold(true);
    window.setTimeout(hold, 15000, false);
  });
  // What is typed while the roll is on its way, over a slow line, would be lost: the form waits.
  const hold = (waiting) => (field.form.inert = waiting);
  window.addEventListener("pageshow", () => hold(false));
}
