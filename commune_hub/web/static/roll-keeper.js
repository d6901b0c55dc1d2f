// Keeps the roll that is open on this phone, so that it can be loaded again without a network (decision 5).
"use strict";
const BOX = "roll";
const LONGEST = 12 * 3600 * 1000;
const PATIENCE = 5000;

// The page as it was asked for at this phone's moment: from the two clocks roll.js reckons when a finger touched.
const keep = async ({ page, roll, files }) => {
  const asked = Date.now();
  const answer = await fetch(page, { credentials: "same-origin", cache: "no-store" });
  const html = await answer.text();
  if (!answer.ok || answer.redirected || !html.includes("data-roll=")) return false;
  const headers = new Headers(answer.headers);
  headers.delete("Content-Encoding");
  headers.set("X-Kept", asked);
  headers.set("X-Roll", roll);
  const box = await caches.open(BOX);
  for (const key of await box.keys()) {
    // One roll at a time: the names of the last one have nothing to do here any more.
    if (((await box.match(key)).headers.get("X-Roll") || roll) !== roll) await box.delete(key);
  }
  await box.put(page, new Response(html.replace("data-roll=", `data-kept="${asked}" data-roll=`), { headers }));
  await box.addAll(files);
  return true;
};
const forget = async ({ roll }) => {
  const box = await caches.open(BOX);
  for (const key of await box.keys()) {
    if ((await box.match(key)).headers.get("X-Roll") === roll) return caches.delete(BOX);
  }
};
const kept = async (url) => {
  const found = await caches.match(url, { cacheName: BOX, ignoreVary: true });
  if (!found || Date.now() - Number(found.headers.get("X-Kept")) < LONGEST) return found;
  await caches.delete(BOX);
};

const load = async (request) => {
  const copy = await kept(request.url);
  if (!copy) return fetch(request);
  try {
    const late = new Promise((_, reject) => setTimeout(reject, PATIENCE));
    const answer = await Promise.race([fetch(request), late]);
    if (answer.status >= 500) return copy;
    // Signed out, or no longer theirs: then neither are the names.
    if (!answer.ok) await caches.delete(BOX);
    return answer;
  } catch (offline) {
    return copy;
  }
};

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("message", (event) => {
  const work = event.data.page ? keep(event.data) : forget(event.data);
  event.waitUntil(work.then((done) => done && event.source.postMessage("kept"), () => {}));
});
self.addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  if (method !== "GET") return;
  if (mode === "navigate") event.respondWith(load(event.request));
  else if (new URL(url).origin === location.origin) {
    event.respondWith(caches.match(url, { cacheName: BOX }).then((found) => found || fetch(event.request)));
  }
});
