// What a phone keeps while there is no network: the form of the own cell, and the meetings that wait to be sent.
// Read by pages and by the service worker. No rule stands here: the server judges the same form when it arrives.
self.outbox = (() => {
  const DAY = 24 * 60 * 60 * 1000;
  const WAITING = ["queued", "signin"];
  let opened = null;

  function open() {
    opened ??= new Promise((resolve, reject) => {
      const request = indexedDB.open("partyreg", 1);
      request.onupgradeneeded = () => {
        request.result.createObjectStore("pages", { keyPath: "url" });
        request.result.createObjectStore("entries", { keyPath: "key" });
        request.result.createObjectStore("facts", { keyPath: "name" });
      };
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    }).catch((error) => {
      opened = null;
      throw error;
    });
    return opened;
  }

  async function use(store, mode, work) {
    const db = await open();
    return new Promise((resolve, reject) => {
      const transaction = db.transaction(store, mode);
      const request = work(transaction.objectStore(store));
      transaction.oncomplete = () => resolve(request?.result);
      transaction.onerror = () => reject(transaction.error);
      transaction.onabort = () => reject(transaction.error);
    });
  }

  const get = (store, key) => use(store, "readonly", (one) => one.get(key));
  const all = (store) => use(store, "readonly", (one) => one.getAll());
  const put = (store, value) => use(store, "readwrite", (one) => one.put(value));
  const drop = (store, key) => use(store, "readwrite", (one) => one.delete(key));
  const fact = async (name) => (await get("facts", name))?.value;

  function tell() {
    const channel = new BroadcastChannel("outbox");
    channel.postMessage("changed");
    channel.close();
  }

  // What waits is of the person who wrote it; another one on the same phone neither sees nor sends it.
  async function entries() {
    const owner = await fact("owner");
    return (await all("entries")).filter((one) => one.owner === owner).sort((a, b) => a.at - b.at);
  }

  // An entry is read and written in one transaction. Typing that is saved late never takes a form back that is on its way.
  async function keep(key, change) {
    const owner = await fact("owner");
    await use("entries", "readwrite", (one) => {
      const read = one.get(key);
      read.onsuccess = () => {
        const before = read.result ?? { key, owner, at: Date.now(), messages: [] };
        if (change.isTyping && ["queued", "sending", "signin", "sent"].includes(before.state)) return;
        const { isTyping: _, ...facts } = change;
        one.put({ ...before, ...facts });
      };
      return read;
    });
    tell();
  }

  async function forget(key) {
    await drop("entries", key);
    tell();
  }

  // A form on its way: named fields in their order, without what belongs to the page and not to the meeting.
  function fields(data) {
    return [...data].filter(([name, value]) => typeof value === "string" && !["csrf_token", "phone", "refresh", "reopened", "draft"].includes(name));
  }

  const value = (list, name) => list.find(([one]) => one === name)?.[1] ?? "";

  // Pages and names leave the phone, and with `all` what the one who signs out wrote; what another one wrote waits for her.
  async function wipe(all_of_hers) {
    const owner = await fact("owner");
    await use("pages", "readwrite", (one) => one.clear());
    if (all_of_hers) for (const one of await all("entries")) if (one.owner === owner) await drop("entries", one.key);
    await use("facts", "readwrite", (one) => one.clear());
    tell();
  }

  // The form of a cell as it was last seen, with a key of its own for the meeting that will be written in it.
  async function page(url) {
    const kept = await get("pages", url);
    if (!kept || kept.until < Date.now() || kept.owner !== (await fact("owner"))) return null;
    const html = kept.html.replaceAll(kept.key, crypto.randomUUID()).replace("<html ", `<html data-kept="${kept.at}" `);
    return { html, csp: kept.csp };
  }

  async function hello() {
    const keys = (await entries()).filter((one) => one.state === "draft").map((one) => one.key).slice(0, 50);
    const answer = await fetch(`/offline.json?keys=${keys.join(",")}`, { redirect: "manual", cache: "no-store" });
    if (answer.type === "opaqueredirect" || answer.status === 401) return "signin";
    if (answer.status === 403) return null;
    if (!answer.ok) throw new Error(`${answer.status}`);
    return answer.json();
  }

  // The forms of the own cells are fetched anew when they are older than `age` (milliseconds).
  async function refresh(greeting, age = 6 * 60 * 60 * 1000) {
    const before = await fact("owner");
    await put("facts", { name: "owner", value: greeting.owner });
    if (before && before !== greeting.owner) await use("pages", "readwrite", (one) => one.clear());
    for (const { url, unit } of greeting.pages) {
      const kept = await get("pages", url);
      const fresh = kept && kept.owner === greeting.owner && kept.assets === greeting.assets && kept.at > Date.now() - age;
      if (fresh) continue;
      const answer = await fetch(url, { redirect: "manual", cache: "no-store" });
      if (!answer.ok) continue;
      const html = await answer.text();
      const key = /name="client_key"[^>]*value="([^"]+)"/.exec(html)?.[1];
      const csp = answer.headers.get("Content-Security-Policy") ?? "";
      if (key) await put("pages", { url, unit, html, csp, key, assets: greeting.assets, owner: greeting.owner, at: Date.now(), until: Date.now() + greeting.days * DAY });
    }
    for (const kept of await all("pages")) if (kept.until < Date.now()) await drop("pages", kept.url);
    for (const one of await all("entries")) if (one.state === "sent" && one.at < Date.now() - DAY) await drop("entries", one.key);
  }

  async function post(one, token) {
    const sent = await fetch(one.url, {
      method: "POST", body: new URLSearchParams(one.fields), redirect: "manual", cache: "no-store",
      headers: { Accept: "application/json", "X-CSRFToken": token },
    });
    if (sent.type === "opaqueredirect") return { state: "signin" };
    if (!/json/.test(sent.headers.get("Content-Type") ?? "")) {
      const final = sent.status >= 400 && sent.status < 500 && sent.status !== 400 && sent.status !== 429;
      return final ? { state: "refused", messages: [`HTTP ${sent.status}`] } : { state: "queued" };
    }
    const told = await sent.json();
    return { state: told.state, messages: told.messages ?? [], link: told.url, mine: told.mine, theirs: told.theirs };
  }

  // Whoever signed out without a network is signed out as soon as there is one.
  async function leave(token) {
    const body = new URLSearchParams({ csrf_token: token });
    await fetch("/sign-out", { method: "POST", body, redirect: "manual", cache: "no-store" });
    await wipe(true);
    if (self.document) self.location.assign("/sign-in");
  }

  async function sending(again) {
    const greeting = await hello();
    const wanted = again ? [...WAITING, "refused", "conflict", "sending"] : [...WAITING, "sending"];
    if (greeting === null) return wipe(false); // somebody who logs no meetings: nobody's names stay here
    if (greeting !== "signin" && (await fact("leaving"))) return leave(greeting.csrf);
    if (greeting === "signin") {
      await drop("facts", "leaving");
      for (const one of await entries()) if (WAITING.includes(one.state)) await keep(one.key, { state: "signin" });
      return;
    }
    await refresh(greeting);
    for (const key of greeting.known) await keep(key, { state: "queued" }); // on record: the register says whether this is the same
    for (const one of await entries()) {
      if (!wanted.includes(one.state)) continue;
      await keep(one.key, { state: "sending" });
      try {
        const told = await post(one, greeting.csrf);
        await keep(one.key, told.state === "sent" ? { ...told, fields: [], at: Date.now() } : told);
      } catch (error) {
        await keep(one.key, { state: "queued" });
        throw error;
      }
    }
  }

  // Everything that waits goes out, one after the other; `again` tries what was refused once more. One sender at a time.
  async function send(again = false) {
    return navigator.locks.request("partyreg-outbox", async () => {
      try {
        await sending(again);
        return true;
      } catch {
        return false; // no network: everything stays as it is
      }
    });
  }

  return { all, drop, entries, fields, forget, get, hello, keep, page, put, refresh, send, tell, value, wipe };
})();
