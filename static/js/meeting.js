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
  });
}
