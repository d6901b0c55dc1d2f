// Attendance without a network: taps stay on this phone until they are sent, and go out in order, once. They hold ids and
// states; a name only of somebody who came without a seat. roll-keeper.js keeps the page.
(() => {
  "use strict";
  const root = document.querySelector("[data-roll]");
  if (!root) return;
  try {
    localStorage.getItem("");
  } catch (forbidden) {
    return;
  }
  const say = root.dataset;
  const form = document.getElementById("roll");
  const bar = root.querySelector(".save");
  const words = root.querySelector("[data-words]");
  const rows = [...root.querySelectorAll("[data-person]")];
  const blank = root.querySelector("template[data-new]");
  const BOX = "roll " + say.who + " ";
  const HERE = BOX + say.roll;
  // The server's clock, so that two phones agree on what was tapped last.
  const [asked] = performance.getEntriesByType("navigation");
  const when = Number(say.kept) || Date.now() - performance.now() + (asked ? asked.requestStart : 0);
  const clock = Number(say.now) - when;
  let sending = false, failed = false, pause = 2000, timer = 0, trouble = "", stop = "";

  const taps = (box) => JSON.parse(localStorage.getItem(box) || "[]");
  const keep = (box, left) => (left.length ? localStorage.setItem(box, JSON.stringify(left)) : localStorage.removeItem(box));
  const boxes = () => Object.keys(localStorage).filter((key) => key.startsWith(BOX));
  const unsent = () => boxes().reduce((sum, box) => sum + taps(box).length, 0);
  const offline = () => failed || navigator.onLine === false;
  const fill = (sentence, value) => sentence.replace("{}", value);

  const tell = (sentence, bad) => {
    if (!bar) return;
    bar.hidden = false;
    bar.classList.toggle("late", bad);
    if (sentence) words.textContent = sentence;
  };
  const status = (saved) => {
    const number = unsent();
    if (stop) tell(fill(stop, number), true);
    else if (number && offline()) tell(fill(say.unsent, number), true);
    else if (number) tell(say.saving, false);
    else if (trouble) tell(trouble, true);
    else if (saved) tell(fill(say.saved, saved), false);
  };

  const count = () => root.querySelectorAll("[data-count]").forEach((cell) => {
    const number = rows.filter((row) => row.dataset.state === cell.dataset.count).length;
    cell.textContent = number;
    if (cell.dataset.count === "excused") cell.parentNode.hidden = !number;
  });
  const show = (row, state, signed) => {
    row.dataset.state = state;
    row.toggleAttribute("data-signed", signed);
    row.querySelectorAll("[aria-pressed]").forEach((button) => {
      const said = button.value.split(":")[0];
      button.setAttribute("aria-pressed", String(said === "signed" ? signed : said === state));
    });
  };
  // Somebody who was added here; until the server has answered, the key of the tap is their id.
  const add = ({ key, name }) => {
    if (!blank || rows.some((row) => row.dataset.person === key)) return;
    const list = root.querySelector("ol.att");
    const row = blank.content.querySelector("li").cloneNode(true);
    row.id = "p-" + key;
    row.dataset.person = key;
    row.querySelectorAll("[name=mark]").forEach((button) => (button.value = button.value.split(":")[0] + ":" + key));
    row.querySelector("bdi").textContent = name;
    row.querySelector("[role=group]").setAttribute("aria-label", name);
    row.querySelectorAll(".vh").forEach((words) => (words.textContent = " – " + name));
    list.hidden = false;
    list.append(row);
    rows.push(row);
  };
  // What a tap does to the page, before the server has seen it.
  const apply = ({ touch, person, ...tap }) => {
    if (touch === "walk_in") return add(tap);
    if (touch === "finish") {
      document.querySelectorAll("[name=mark]").forEach((button) => (button.disabled = true));
      return;
    }
    rows.forEach((row) => {
      const { state, signed } = row.dataset;
      if (touch === "all") state === "unknown" && show(row, "present", false);
      else if (row.dataset.person !== person) return;
      else if (touch === "signed" || touch === "paper") show(row, "present", true);
      else show(row, touch, touch === "present" && signed !== undefined);
    });
  };

  const merge = (told, had) => {
    if (!form) return had && location.reload();
    rows.forEach((row) => told.marks[row.dataset.person] && show(row, ...told.marks[row.dataset.person]));
    const left = taps(HERE);
    document.querySelectorAll("[name=mark]").forEach((button) => (button.disabled = false));
    left.forEach(apply);
    count();
    const refused = [...new Set(Object.values(told.refused))];
    if (refused.length) trouble = refused.join(" ");
    const known = new Set(rows.map((row) => row.dataset.person));
    const strangers = Object.keys(told.marks).some((id) => !known.has(id));
    const typing = document.activeElement && document.activeElement.matches("input") && document.activeElement.value;
    if (!left.length && !typing && !refused.length && (told.finished || strangers)) location.reload();
  };
  const post = async (box) => {
    const sent = taps(box).slice(0, 200);
    const answer = await fetch(box.slice(BOX.length), {
      method: "POST",
      redirect: "manual",
      headers: { "Content-Type": "application/json", "X-CSRFToken": root.querySelector("[name=csrf_token]").value },
      body: JSON.stringify({ taps: sent }),
      signal: AbortSignal.timeout ? AbortSignal.timeout(15000) : undefined,
    });
    if (answer.type === "opaqueredirect") stop = say.signin;
    else if (answer.status >= 500 || answer.status === 429) throw new Error(answer.status);
    // Taps for another meeting that is no longer ours must not hold up these.
    else if (!answer.ok && box === HERE) stop = say.reload;
    // What the server cannot read it never will, and later taps must get through.
    if (answer.status === 422) keep(box, []);
    if (!answer.ok) return;
    const told = await answer.json();
    const done = new Set(sent.map((tap) => tap.key));
    keep(box, taps(box).filter((tap) => !done.has(tap.key)));
    if (box === HERE) merge(told, sent.length);
    return told.clock;
  };
  const send = async () => {
    if (sending) return;
    sending = true;
    stop = "";
    clearTimeout(timer);
    try {
      let saved = "";
      for (const box of boxes()) if (box !== HERE) await post(box);
      do saved = await post(HERE);
      while (taps(HERE).length && !stop);
      failed = false;
      pause = 2000;
      status(saved);
    } catch (error) {
      failed = true;
      timer = setTimeout(send, pause);
      pause = Math.min(2 * pause, 30000);
      status();
    }
    sending = false;
  };

  document.addEventListener("submit", (event) => {
    const button = event.submitter;
    const coming = form && event.target.matches("[data-walk-in]") ? event.target : null;
    if (!coming && (event.target !== form || !button || button.name !== "mark")) return;
    const [touch, person = ""] = coming ? ["walk_in"] : button.value.split(":");
    const mine = taps(HERE);
    const last = mine.length ? mine[mine.length - 1].at : 0;
    const key = [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    const tap = { key, at: Math.max(last + 1, Math.round(Date.now() + clock)), touch, person };
    if (coming) Object.assign(tap, { name: coming.elements.name.value.trim(), contact: coming.elements.contact.value.trim() });
    if (coming && !tap.name) return;
    try {
      keep(HERE, [...mine, tap]);
    } catch (full) {
      return; // No room here: the form goes out as it would without this file.
    }
    event.preventDefault();
    const menu = (coming || button).closest("details");
    if (menu) menu.open = false;
    if (coming) coming.reset();
    trouble = "";
    apply(tap);
    count();
    status();
    send();
  });
  document.querySelectorAll("[data-needs-network]").forEach((thing) => {
    thing.addEventListener(thing.tagName === "FORM" ? "submit" : "click", (event) => {
      if (!offline()) return;
      event.preventDefault();
      tell(say.online, true);
    });
  });
  // Where the page is kept, it can be loaded again; elsewhere leaving it now would mean to be without it.
  addEventListener("beforeunload", (event) => unsent() && offline() && !("offline" in say) && event.preventDefault());
  addEventListener("online", () => ((pause = 2000), send()));
  addEventListener("offline", () => status());
  document.addEventListener("visibilitychange", () => document.hidden || send());

  const keeper = navigator.serviceWorker;
  if (keeper && say.keeper) {
    if (say.kept) say.offline = "";
    keeper.addEventListener("message", () => (say.offline = ""));
    const files = [...document.querySelectorAll("link[rel=stylesheet], script[src]")].map((one) => one.href || one.src);
    const page = form ? location.pathname + location.search : "";
    // Asked again while there is no answer: a server that is busy for a moment is no reason to go without.
    const ask = (worker, left) => {
      worker.postMessage({ roll: say.roll, page, files });
      if (left) setTimeout(() => "offline" in say || ask(worker, left - 1), 5000);
    };
    keeper.register(say.keeper).then(() => keeper.ready).then(
      ({ active }) => ask(active, 2),
      () => {}
    );
  }
  if (form) {
    taps(HERE).forEach(apply);
    count();
  }
  if (boxes().length) send();
  status();
})();
