// The hall's display: draws the numbers, chimes where sound is allowed, and says when what it shows is old.
"use strict";
const body = document.body;
const one = (query) => document.querySelector(query);
const STAYS = 40000; // a call is shown 20 s and repeated once
let view = null, number = "", since = 0, heard = 0, repeated = false, sound = null;

function text(node, value) { if (node.textContent !== value) node.textContent = value; }
function make(name, className, ...inner) {
  const node = document.createElement(name);
  if (className) node.className = className;
  node.append(...inner);
  return node;
}

function chime() {
  if (matchMedia("(prefers-reduced-motion:reduce)").matches && !window.AudioContext) return;
  sound = sound || new AudioContext();
  if (sound.state !== "running") return; // a TV is started with sound allowed; a plain browser stays silent
  [784, 587].forEach((pitch, place) => {
    const voice = sound.createOscillator(), loud = sound.createGain(), at = sound.currentTime + place * 0.45;
    voice.frequency.value = pitch;
    loud.gain.setValueAtTime(0.3, at);
    loud.gain.exponentialRampToValueAtTime(0.001, at + 0.8);
    voice.connect(loud).connect(sound.destination);
    voice.start(at);
    voice.stop(at + 0.9);
  });
}

// Cut off from the desk: what was last known, with its time, never as current.
function cutOff() {
  const last = view.counters.filter((row) => row.number);
  return { ...view, how: "gone", head: body.dataset.connecting, big: body.dataset.listen, to: "", note: body.dataset.keep,
    next_head: last.length ? body.dataset.last.replace("{clock}", view.clock) : view.next_head,
    next: last.length ? last.map((row) => ({ number: row.number, service: row.service })).slice(0, 3) : view.next,
    counters: view.counters.map((row) => ({ ...row, number: "", said: body.dataset.ask, called: false })) };
}

function draw() {
  if (!view) { text(one(".head"), body.dataset.connecting); text(one(".big"), body.dataset.listen); return; }
  const now = Date.now();
  let shown = now - heard > 10000 ? cutOff() : view;
  if (shown.how === "called") {
    if (shown.big !== number) { number = shown.big; since = now; repeated = false; chime(); }
    if (!repeated && now - since > STAYS / 2) { repeated = true; chime(); }
    if (now - since > STAYS) shown = { ...shown, ...shown.calm, how: "calm", to: "",
      counters: shown.counters.map((row) => ({ ...row, called: false })) };
  }
  body.dataset.how = shown.how;
  for (const part of ["head", "big", "to", "clock", "date"]) text(one("." + part), shown[part]);
  text(one(".next-head"), shown.next_head);
  text(one(".note span"), shown.note);
  const mark = JSON.stringify([shown.next, shown.counters]);
  if (body.dataset.mark !== mark) {
    body.dataset.mark = mark;
    one(".next").replaceChildren(...shown.next.map((row) => make("li", "", make("b", "", row.number), row.service)));
    one(".counters").replaceChildren(...shown.counters.map((row) => make("li", row.called ? "called" : row.number ? "" : "said",
      make("p", "", make("b", "", row.counter), row.service), make("strong", "", row.number || row.said || "–"))));
  }
  body.dataset.drawn = "yes";
}

// Against burn-in: the picture moves by two pixels every ten minutes.
setInterval(() => { body.style.translate = body.style.translate ? "" : "2px 0"; }, 600000);
const live = new EventSource("/layar/langsung");
live.onmessage = (message) => { view = JSON.parse(message.data); heard = Date.now(); draw(); };
live.addEventListener("beat", () => { heard = Date.now(); });
setInterval(draw, 1000);
