// Attendance without a network: taps stay on this phone (ids and states, never a name), and go out in order, once.
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
  const BOX = "roll " + say.who + " ";
  const HERE = BOX + say.roll;
  // The server's clock, so that two phones agree on what was tapped last.
  const [asked] = performance.getEntriesByType("navigation");
  const clock = Number(say.now) - (Date.now() - performance.now() + (asked ? asked.requestStart : 0));
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
  // What a tap does to the page, before the server has seen it.
  const apply = ({ touch, person }) => {
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
    const strangers = Object.keys(told.marks).length > rows.length;
    const typing = document.activeElement && document.activeElement.matches("input[type=text]");
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
    if (event.target !== form || !button || button.name !== "mark") return;
    const [touch, person = ""] = button.value.split(":");
    const mine = taps(HERE);
    const last = mine.length ? mine[mine.length - 1].at : 0;
    const key = [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    const tap = { key, at: Math.max(last + 1, Math.round(Date.now() + clock)), touch, person };
    try {
      keep(HERE, [...mine, tap]);
    } catch (full) {
      return; // No room here: the form goes out as it would without this file.
    }
    event.preventDefault();
    const menu = button.closest("details");
    if (menu) menu.open = false;
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
  addEventListener("beforeunload", (event) => unsent() && offline() && event.preventDefault());
  addEventListener("online", () => ((pause = 2000), send()));
  addEventListener("offline", () => status());
  document.addEventListener("visibilitychange", () => document.hidden || send());

  if (form) {
    taps(HERE).forEach(apply);
    count();
  }
  if (boxes().length) send();
  status();
})();
