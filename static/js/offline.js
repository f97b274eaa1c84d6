// On every page of somebody who logs meetings: the phone is made ready for a time without network, what waits is sent,
// and a badge says honestly what is kept here.
const badge = document.getElementById("outbox-badge");

async function count() {
  if (!badge) return;
  const entries = await self.outbox.entries();
  const here = entries.filter((one) => one.state !== "sent");
  const state = ["conflict", "refused", "signin", "sending", "queued", "draft"].find((name) => here.some((one) => one.state === name));
  badge.hidden = !state;
  if (!state) return;
  badge.dataset.state = state;
  badge.querySelector("[data-text]").textContent = badge.dataset[`text${state}`].replace("{n}", here.filter((one) => one.state === state).length);
}

// Signing out takes everything off the phone: whoever has something unsent is asked first.
async function guard() {
  const button = document.querySelector('form[action="/sign-out"] button');
  if (!button || !badge) return;
  const here = (await self.outbox.entries()).filter((one) => one.state !== "sent");
  if (here.length) button.dataset.confirm = badge.dataset.textleave.replace("{n}", here.length);
  else delete button.dataset.confirm;
}

async function ready() {
  if (!("serviceWorker" in navigator) || !self.isSecureContext) return;
  await navigator.serviceWorker.register("/sw.js");
  new BroadcastChannel("outbox").onmessage = () => Promise.all([count(), guard()]);
  window.addEventListener("online", () => self.outbox.send());
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && self.outbox.send());
  await Promise.all([count(), guard()]);
  await self.outbox.send(document.documentElement.hasAttribute("data-outbox"));
  await Promise.all([count(), guard()]);
  window.setInterval(async () => {
    const waits = (await self.outbox.entries()).some((one) => ["queued", "signin", "sending"].includes(one.state));
    if (waits) await self.outbox.send();
  }, 15000);
}
ready();

// A form that is being written is kept as it grows; one that was kept is filled again.
const form = document.querySelector("form[data-keep]");
if (form && self.isSecureContext && "serviceWorker" in navigator) {
  const root = document.documentElement;
  const key = () => form.elements.client_key.value;
  const list = () => self.outbox.fields(new FormData(form));
  const wanted = new URLSearchParams(location.search).get("kept");
  if (root.dataset.kept) {
    const told = document.getElementById("kept-note");
    told.hidden = false;
    told.querySelector("[data-text]").textContent = told.dataset.text.replace("{at}", new Date(Number(root.dataset.kept)).toLocaleString("vi-VN"));
    for (const button of form.querySelectorAll("[data-online]")) button.hidden = true;
    if (!wanted) form.elements.held_on.value = new Date().toLocaleDateString("en-GB");
  }
  if (wanted) {
    const entry = await self.outbox.get("entries", wanted);
    for (const [name, value] of entry?.fields ?? []) {
      if (!form.elements[name]) document.dispatchEvent(new CustomEvent("missing-line", { detail: name }));
      const field = form.elements[name];
      if (field) field.value = value;
      else form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value })); // of somebody not on this list
    }
    form.dispatchEvent(new Event("change", { bubbles: true }));
    for (const box of document.querySelectorAll("[data-reveal], [data-count]")) box.dispatchEvent(new Event("change", { bubbles: true }));
  }
  let timer;
  const keep = () => {
    window.clearTimeout(timer);
    timer = undefined;
    self.outbox.keep(key(), { isTyping: true, owner: form.elements.phone.value, state: "draft", url: form.getAttribute("action"), fields: list(), day: form.elements.held_on.value, at: Date.now() });
  };
  form.addEventListener("input", () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(keep, 800);
  });
  // Putting the phone away keeps the last words at once: the page may never wake again.
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && timer !== undefined && keep());
  form.addEventListener("submit", () => {
    window.clearTimeout(timer);
    timer = undefined;
  });
}
