// The service worker: pages come from the network; without one the form of the own cell still opens, and what is
// written in it is kept until it can be sent. `SHELL` and `OFFLINE` are set by the script that loads this one.
const CACHE = `shell ${self.VERSION}`;
const FORM = "/meetings/new";

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(
    caches.open(CACHE).then((cache) => cache.addAll([...self.SHELL, new Request(self.OFFLINE, { credentials: "omit" })]))
  );
});
self.addEventListener("activate", (event) => event.waitUntil(Promise.all([self.clients.claim(), tidy()])));
self.addEventListener("sync", (event) => {
  if (event.tag === "outbox") event.waitUntil(self.outbox.send().then((done) => done || Promise.reject(new Error("no network"))));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    if (request.method === "GET") event.respondWith(opened(request, url));
    else if (url.pathname === FORM) event.respondWith(written(request));
    else if (["/sign-out", "/account/sign-out-everywhere"].includes(url.pathname)) event.respondWith(left(request));
    else if (url.pathname === "/sign-in") event.respondWith(came(request));
  } else if (request.method === "GET" && self.SHELL.includes(url.pathname + url.search)) {
    event.respondWith(caches.match(request).then((found) => found ?? fetch(request)));
  }
});

async function opened(request, url) {
  try {
    return await fetch(request);
  } catch {
    if (url.pathname === FORM && !url.searchParams.has("draft")) {
      const unit = url.searchParams.get("unit");
      const kept = await self.outbox.page(unit ? `${FORM}?unit=${unit}` : FORM);
      const headers = { "Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store", "Content-Security-Policy": kept?.csp ?? "" };
      if (kept) return new Response(kept.html, { headers });
    }
    return shell();
  }
}

// The shells of earlier versions go once this one is complete.
async function tidy() {
  for (const name of await caches.keys()) if (name.startsWith("shell") && name !== CACHE) await caches.delete(name);
}

async function shell() {
  const page = await caches.match(self.OFFLINE);
  return page ? new Response(await page.text(), { headers: { "Content-Type": "text/html; charset=utf-8" } }) : Response.error();
}

// Where the phone cannot keep anything (full, or forbidden), pages work as they would without a worker.
async function tried(work) {
  try {
    await work;
    return true;
  } catch {
    return false;
  }
}

// The form is kept before it is sent: whatever becomes of the line or of the session, it is not lost.
async function written(request) {
  const body = await request.clone().formData();
  const list = self.outbox.fields(body);
  const key = self.outbox.value(list, "client_key");
  const url = new URL(request.url);
  const kept = body.has("refresh") || body.has("draft") ? "draft" : "queued";
  if (!key) return fetch(request);
  const facts = { url: url.pathname + url.search, fields: list, day: self.outbox.value(list, "held_on"), messages: [], at: Date.now() };
  if (body.has("phone")) facts.owner = body.get("phone");
  if (!(await tried(self.outbox.keep(key, { ...facts, state: kept })))) return fetch(request);
  try {
    const answer = await fetch(request);
    if (answer.status === 422 || answer.status === 409 || (answer.ok && kept === "draft")) await tried(self.outbox.keep(key, { state: "draft" }));
    if (answer.status !== 400) return answer;
    return Response.redirect(`/offline?kept=${kept}`, 303); // the session is over: the page of what waits says so
  } catch {
    await self.registration.sync?.register("outbox").catch(() => {});
    return Response.redirect(`/offline?kept=${kept}`, 303);
  }
}

async function left(request) {
  await tried(self.outbox.wipe(true));
  try {
    return await fetch(request);
  } catch {
    await tried(self.outbox.put("facts", { name: "leaving", value: true }));
    return Response.redirect("/offline?left=1", 303);
  }
}

// Whoever signs in next is perhaps another one: the form and the names of the last one are not for her.
async function came(request) {
  await tried(self.outbox.wipe(false));
  return fetch(request);
}
