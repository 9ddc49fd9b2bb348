// Beside Textual's own script: the keyboard goes to the player at once, and an ended player can be opened again.
"use strict";

addEventListener("load", () => {
  document.querySelector("#again").addEventListener("click", () => location.reload());
  const listen = () => document.querySelector(".xterm-helper-textarea")?.focus();
  new MutationObserver(() => {
    if (document.body.classList.contains("-closed")) document.querySelector("#again").focus();
    else listen();
  }).observe(document.body, { attributes: true, attributeFilter: ["class"] });
});
