"use strict";
const cast = document.getElementById("cast").textContent.trimStart();
const stage = document.getElementById("player");
const stops = document.getElementById("stops");
const now = document.getElementById("now");
const chapters = [...document.querySelectorAll("#chapters button")];
let player;

/* Tell where the recording is: which chapter is current, and for screen readers what is said there. */
function reach(index) {
  if (chapters[index].hasAttribute("aria-current")) return;
  chapters.forEach((button, i) => i === index ? button.setAttribute("aria-current", "true") : button.removeAttribute("aria-current"));
  now.textContent = document.querySelector(`#note-${index} .said`)?.textContent ?? "";
}

/* The chapter of where the recording is, however it came there: by a key, the bar, or the end of a pause. */
function follow() {
  const time = player.getCurrentTime() + 0.01;
  reach(Math.max(0, chapters.findLastIndex((button) => Number(button.dataset.time) <= time)));
}

/* The player's keys work where the player is: Space plays on from a chapter that was chosen. */
function focus() {
  document.querySelector(".ap-wrapper")?.focus({ preventScroll: true });
}

function open(startAt) {
  player?.dispose();
  player = AsciinemaPlayer.create({ data: cast }, stage, {
    fit: "width",
    preload: true,
    poster: "npt:0.001", /* at 0 nothing is drawn yet */
    startAt,
    pauseOnMarkers: stops.checked,
    terminalFontFamily: "'DejaVu Sans Mono', Menlo, Consolas, monospace",
    terminalLineHeight: 1.2,
    markers: chapters.slice(1).map((button) => [Number(button.dataset.time), button.dataset.title]),
    controls: true,
  });
  player.addEventListener("marker", ({ index }) => reach(index + 1));
  player.addEventListener("play", follow);
  player.addEventListener("seeked", follow);
}

chapters.forEach((button, i) => button.addEventListener("click", async () => {
  await player.pause();
  await player.seek(i === 0 ? 0 : { marker: i - 1 });
  reach(i);
  focus();
}));
stops.addEventListener("change", () => open(player.getCurrentTime()));
open(0);
focus();
window.stepgrad = { get player() { return player; } };
