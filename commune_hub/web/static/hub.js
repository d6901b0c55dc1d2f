// Small helps on top of pages that work without: my position, share, copy, print. No data leaves the form.
(() => {
  "use strict";
  const all = (what, act) => document.querySelectorAll(what).forEach(act);
  const say = (button, words) => {
    const place = document.getElementById(button.getAttribute("aria-describedby"));
    if (place) place.textContent = words || "";
  };

  all("[data-locate]", (button) => {
    if (!navigator.geolocation) return;
    const form = button.form;
    const at = form.elements[button.dataset.locate];
    const typed = form.elements[button.dataset.typed];
    const usual = typed.placeholder;
    const pressed = (on) => {
      button.setAttribute("aria-pressed", String(on));
      typed.placeholder = on ? button.dataset.found : usual;
    };
    button.hidden = false;
    pressed(at.value !== "");
    typed.addEventListener("input", () => {
      at.value = "";
      pressed(false);
    });
    button.addEventListener("click", () => {
      button.setAttribute("aria-busy", "true");
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => {
          // Three decimals are about 100 m: near enough for a walk, too coarse for a door.
          at.value = coords.latitude.toFixed(3) + "," + coords.longitude.toFixed(3);
          typed.value = "";
          button.removeAttribute("aria-busy");
          pressed(true);
          say(button, button.dataset.found);
        },
        () => {
          button.removeAttribute("aria-busy");
          pressed(false);
          say(button, button.dataset.failed);
          typed.focus();
        },
        { maximumAge: 300000, timeout: 10000 },
      );
    });
  });

  all("[data-share]", (button) => {
    if (!navigator.share) return;
    button.hidden = false;
    button.addEventListener("click", () => {
      navigator.share({ title: document.title, url: button.dataset.share }).catch(() => {});
    });
  });

  all("[data-copy]", (button) => {
    if (!navigator.clipboard) return;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.dataset.copy);
      say(button, button.dataset.done);
    });
  });

  all("[data-print]", (button) => {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  });

  // Who signs out leaves no names on this phone (roll-keeper.js).
  all("form[action$='/sign-out']", (form) => form.addEventListener("submit", () => window.caches && caches.delete("roll")));

  // What is wrong with a form is read first.
  const wrong = document.getElementById("errors");
  if (wrong) wrong.focus();

  // An open menu closes with Escape, and when the focus or a tap goes elsewhere.
  const close = (menu, back) => {
    menu.open = false;
    if (back) menu.querySelector("summary").focus();
  };
  all("details.drop", (menu) => {
    menu.addEventListener("keydown", (e) => e.key === "Escape" && close(menu, true));
    document.addEventListener("click", (e) => menu.contains(e.target) || close(menu, false));
    menu.addEventListener("focusout", (e) => e.relatedTarget && !menu.contains(e.relatedTarget) && close(menu, false));
  });
})();
