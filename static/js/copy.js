// Progressive enhancement: a button that copies a field. Without this file the button is hidden and the text is selected by hand.
for (const button of document.querySelectorAll("[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  const told = document.getElementById(button.dataset.told);
  if (!field) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.focus();
    field.select();
    let copied = false;
    try {
      // The clipboard is closed to pages that came without TLS, as in an office's own network.
      if (navigator.clipboard) {
        await navigator.clipboard.writeText(field.value);
        copied = true;
      }
    } catch {
      copied = false;
    }
    copied ||= document.execCommand("copy");
    if (told) told.textContent = copied ? button.dataset.copied : button.dataset.refused;
  });
}
