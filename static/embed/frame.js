"use strict";
// Looks for newer numbers while the widget can be seen; without it the numbers of the load stay.
(() => {
  const seconds = Number(document.getElementById("widget").dataset.seconds);
  async function look() {
    if (document.visibilityState !== "visible") return;
    const answer = await fetch(location.href, { credentials: "omit", cache: "no-cache" });
    if (answer.status === 404) return;
    const found = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main");
    const shown = document.querySelector("main");
    if (found && found.innerHTML !== shown.innerHTML && !shown.contains(document.activeElement)) {
      shown.innerHTML = found.innerHTML;
    }
  }
  setInterval(() => look().catch(() => undefined), seconds * 1000);
})();
