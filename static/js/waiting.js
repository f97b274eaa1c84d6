// The page of what is kept on this phone: each meeting with its state, and what can be done about it.
const list = document.getElementById("entries");
const pages = document.getElementById("pages");
const line = document.getElementById("entry").content;
const text = document.getElementById("texts").dataset;

function button(box, name, work) {
  const one = box.querySelector(`[data-do="${name}"]`);
  one.hidden = !work;
  if (work) one.addEventListener("click", work);
}

// The form opens as it was kept: by the server while there is a network, from the phone without one.
async function reopen(entry, judged) {
  let greeting = null;
  try {
    greeting = await self.outbox.hello();
  } catch {
    const there = await self.outbox.get("pages", entry.url);
    return there ? location.assign(`${entry.url}${entry.url.includes("?") ? "&" : "?"}kept=${entry.key}`) : undefined;
  }
  if (greeting === "signin") return location.assign("/sign-in?next=/offline");
  const form = document.createElement("form");
  form.method = "post";
  form.action = entry.url;
  const more = judged ? [] : [["refresh", "1"], ["reopened", "1"]];
  for (const [name, value] of [...entry.fields, ["csrf_token", greeting.csrf], ...more]) {
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = name;
    field.value = value;
    form.append(field);
  }
  document.body.append(form);
  form.submit();
}

function compared(box, entry) {
  const body = box.querySelector("tbody");
  for (const [title, mine] of Object.entries(entry.mine ?? {})) {
    const theirs = entry.theirs?.[title];
    if (mine === theirs) continue;
    const row = body.insertRow();
    const head = document.createElement("th");
    head.scope = "row";
    head.textContent = title;
    row.append(head);
    for (const [label, value] of [[text.mine, mine], [text.theirs, theirs]]) {
      const cell = row.insertCell();
      cell.dataset.label = label;
      cell.textContent = value ?? "–";
    }
  }
  box.querySelector("table").hidden = body.rows.length === 0;
}

function shown(entry) {
  const box = line.cloneNode(true);
  const field = (name, value) => (box.querySelector(`[data-field="${name}"]`).textContent = value);
  field("title", text.title.replace("{day}", entry.day || "…"));
  field("state", text[`state${entry.state}`] ?? entry.state);
  box.querySelector(`[data-field="state"]`).classList.add(`tone-${{ sent: "ok", conflict: "danger", refused: "danger", signin: "warn" }[entry.state] ?? "info"}`);
  field("at", text.at.replace("{at}", new Date(entry.at).toLocaleString("vi-VN")));
  const messages = box.querySelector(`[data-field="messages"]`);
  for (const one of entry.messages ?? []) messages.append(Object.assign(document.createElement("li"), { textContent: one }));
  const open = box.querySelector(`[data-do="see"]`);
  open.hidden = !entry.link;
  if (entry.link) open.href = entry.link;
  compared(box, entry);
  const mine = entry.state !== "sent" && entry.state !== "sending";
  button(box, "reopen", mine && (() => reopen(entry, entry.state === "conflict" || entry.state === "refused")));
  const away = box.querySelector(`[data-do="forget"]`);
  if (entry.state !== "sent") away.dataset.confirm = text.forget;
  box.querySelector("form").dataset.entry = entry.key;
  return box;
}

async function draw() {
  const entries = await self.outbox.entries();
  list.replaceChildren(...entries.map(shown));
  document.getElementById("nothing").hidden = entries.length > 0;
  const kept = (await self.outbox.all("pages")).filter((one) => one.until > Date.now());
  pages.replaceChildren(
    ...kept.map((one) => {
      const item = document.createElement("li");
      const link = Object.assign(document.createElement("a"), { href: one.url, textContent: text.log.replace("{unit}", one.unit) });
      const hint = Object.assign(document.createElement("span"), { className: "hint" });
      const day = (at) => new Date(at).toLocaleString("vi-VN");
      hint.textContent = " " + text.kept.replace("{at}", day(one.at)).replace("{until}", day(one.until));
      item.append(link, hint);
      return item;
    })
  );
  document.getElementById("no-pages").hidden = kept.length > 0;
}

// After the question that a button may ask first: the listener of every page stands before this one.
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented || !event.target.dataset.entry) return;
  event.preventDefault();
  self.outbox.forget(event.target.dataset.entry);
});
document.getElementById("left").hidden = !new URLSearchParams(location.search).has("left");
document.getElementById("send").addEventListener("click", () => self.outbox.send(true));
new BroadcastChannel("outbox").onmessage = draw;
if (self.isSecureContext && "serviceWorker" in navigator) draw();
else document.getElementById("insecure").hidden = false;
