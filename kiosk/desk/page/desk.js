// Draws what the desk says and sends what is pressed. Every rule is the desk's.
"use strict";
const body = document.body;
const icons = JSON.parse(body.dataset.icons), words = JSON.parse(body.dataset.words);
const one = (query, within = document) => within.querySelector(query);
const all = (query, within = document) => [...within.querySelectorAll(query)];
const SIGNS = { used: "user", calls: "bell", ready: "check", check: "warning", lost: "x" };
const SILENT = 9000; // three signs of life missed
const wide = matchMedia("(min-width:900px)");
let view = null, shown = "", heard = 0, gone = false, busy = false, live = null, chosen = "";

// Only touch what changed: a live region that is rewritten would be read aloud again.
function text(node, value) { if (node.textContent !== value) node.textContent = value; }
function show(node, yes) { if (node.hidden === yes) node.hidden = !yes; }
function make(name, className, ...inner) {
  const node = document.createElement(name);
  if (className) node.className = className;
  node.append(...inner);
  return node;
}
function redraw(node, key, build) {
  const mark = JSON.stringify(key);
  if (node.dataset.mark === mark) return;
  node.dataset.mark = mark;
  node.replaceChildren(...build());
}

// --- the call

function drawCall(call) {
  const how = gone ? "gone" : call ? call.how : "calm";
  body.dataset.how = how;
  const rings = how === "open";
  const region = one(".call");
  region.setAttribute("role", rings ? "alertdialog" : "region");
  text(one(".head"), call && !gone ? call.head : "");
  text(one("#call-title"), gone ? body.dataset.goneTitle : call ? call[wide.matches ? "title" : "title_small"] : view.calm.title);
  text(one(".said"), gone ? words["gone.line"].replace("{clock}", view ? view.clock : "–") : call ? call.said : view.calm.line);
  for (const [part, field] of [[".step", "step"], [".step-line", wide.matches ? "step_line" : "step_small"], [".on-step", "on_step"], [".speaks", "speaks"]])
    text(one(part), call && !gone ? call[field] : "");
  text(one(".sun .name"), call && !gone ? call.kiosk : "");
  const take = one("#take"), pass = one("#pass");
  show(take, !gone && Boolean(call) && (call.how !== "theirs" || call.may_settle));
  show(pass, !gone && Boolean(call) && (call.how === "open" || call.may_settle));
  show(one("#again"), gone);
  show(one("#gone-do"), gone);
  const open = call && (call.how === "open" || call.how === "passed");
  if (call) {
    text(one("b", take), words[open ? "call.take" : "call.done"]);
    text(one("small", take), open ? call.promises[0].text : "");
    text(pass, words[open ? "call.pass" : "call.release"]);
    take.dataset.do = open ? "ambil" : "selesai";
    pass.dataset.do = open ? "teruskan" : "lepas";
  }
  one("i", take).hidden = !open;
  redraw(one(".promises"), open && !gone ? [call.id, call.promises] : null, () => open && !gone
    ? call.promises.slice(1).map((promise) => { const button = make("button", "plain", promise.text); button.type = "button"; button.dataset.minutes = promise.n; return button; })
    : []);
  text(one(".ask span"), call && !gone ? call.ask : "");
  show(one(".ask"), Boolean(call) && !gone && call.how !== "theirs");
  if (rings && shown !== call.id) {
    shown = call.id;
    text(one(".refused"), "");
    body.dataset.rang = String(Date.now());
    take.focus({ preventScroll: false });
  }
  if (!call) shown = "";
}

function drawMore(calls) {
  redraw(one(".more"), calls.map((call) => [call.id, call.row, call.how]), () => calls.map((call) => {
    const button = make("button", "row", call.row);
    button.type = "button";
    button.dataset.call = call.id;
    return button;
  }));
}

// The desk's order, but what was touched in the list stands first.
function ordered() {
  if (gone) return [];
  return [...view.calls].sort((left, right) => (right.id === chosen) - (left.id === chosen));
}

// --- the rest of the page

function drawKiosks(kiosks) {
  show(one(".kiosks .none"), !kiosks.length);
  const list = one(".stands");
  list.dataset.many = kiosks.length > 8 ? "yes" : kiosks.length > 4 ? "rows" : "no";
  const lines = (kiosk) => gone ? [words["gone.last"].replace("{clock}", view.clock)] : kiosk.lines;
  redraw(list, [gone, kiosks], () => kiosks.map((kiosk) => {
    const sign = gone ? "unknown" : kiosk.sign;
    const face = make("span", "face", sign === "unknown" ? make("i", "mark", "?") : make("i", sign === "used" ? "fill" : "bold", icons[SIGNS[sign]]));
    face.setAttribute("aria-hidden", "true");
    const item = make("li", sign, face, make("b", "", kiosk.id), make("strong", "", gone ? words["gone.kiosk"] : kiosk.word),
      ...lines(kiosk).map((line) => make("span", "line", line)));
    item.title = kiosk.spot;
    return item;
  }));
}

function drawQueue(queue) {
  text(one(".queue h2 small"), queue.sum);
  show(one(".queue .none"), Boolean(queue.gone));
  text(one(".queue .none"), queue.gone);
  redraw(one(".counts"), queue.counts, () => queue.counts.map(([n, what]) => make("div", "", make("dd", "", n), make("dt", "", what))));
  redraw(one(".lanes"), queue.lanes, () => queue.lanes.map((lane) => {
    const chips = lane.chips.map((chip) => make("span", "chip " + chip.tone, chip.number));
    if (lane.more) chips.push(make("span", "rest", lane.more));
    if (lane.none) chips.push(make("span", "rest", lane.none));
    return make("div", "lane", make("p", "", make("b", "", lane.name), lane.counter), make("p", "chips", ...chips));
  }));
  show(one(".legend"), Boolean(queue.lanes.length));
  show(one(".legend .late"), Boolean(queue.late));
  text(one(".legend .late b"), queue.late);
}

function drawStuck(stuck) {
  text(one(".stuck h2 small"), stuck.sum);
  show(one(".stuck .none"), Boolean(stuck.none));
  text(one(".stuck .none"), stuck.none);
  redraw(one(".bars"), stuck.rows, () => stuck.rows.map((row, place) => {
    const bar = make("span", place ? "bar hatch" : "bar");
    bar.style.setProperty("--share", row.share + "%");
    const item = make("li", "", make("b", "", row.name), make("span", "n", row.text), bar);
    if (!row.lesson) return item;
    const lesson = make("button", "lesson", row.lesson_text);
    lesson.type = "button";
    lesson.dataset.lesson = row.lesson;
    item.append(lesson);
    return item;
  }));
}

function drawAsked(asked) {
  show(one(".asked-none"), Boolean(asked.none));
  text(one(".asked-none"), asked.none);
  redraw(one(".asked"), asked.rows, () => asked.rows.map((row) => make("li", "", make("b", "", row.words), make("span", "n", row.times))));
}

function drawLessons(lessons) {
  one(".lessons .cards").replaceChildren(...lessons.map((lesson) => {
    const cards = make("ol", "", ...lesson.cards.map(([title, words]) => make("li", "", make("b", "", title), words)));
    const whole = make("details", "", make("summary", "", make("b", "", lesson.title), make("span", "n", lesson.length)),
      cards, make("p", "source", lesson.source));
    whole.id = "lesson-" + lesson.id;
    return whole;
  }));
}

function openLesson(name) {
  const lesson = document.getElementById("lesson-" + name);
  if (!lesson) return;
  tab("lessons");
  lesson.open = true;
  lesson.scrollIntoView({ block: "center" });
  one("summary", lesson).focus();
}

function draw() {
  if (!view) return;
  const calls = ordered();
  drawCall(calls[0]);
  drawMore(calls.slice(1));
  drawKiosks(view.kiosks);
  drawQueue(view.queue);
  drawStuck(view.stuck);
  drawAsked(view.asked);
  text(one(".fresh"), gone ? "" : view.fresh);
  text(one(".date"), view.date);
  document.title = view.title;
  show(one("#idle"), view.idle && !gone);
  const rings = calls.some((call) => call.ring);
  body.dataset.ringing = rings ? "yes" : "no";
  if (rings) ring.start(); else ring.stop();
  drawSound();
  body.dataset.drawn = "yes";
}

function drawSound() {
  show(one("#silent"), !gone && !ring.ready);
  text(one("#silent span"), words[ring.muted ? "sound.muted" : "sound.ask"]);
  for (const button of all(".mute")) {
    button.setAttribute("aria-pressed", String(ring.ready));
    text(one("i", button), icons[ring.ready ? "speaker-high" : "speaker-slash"]);
  }
}

// --- the line to the desk

function cut(yes) {
  if (gone === yes) return;
  gone = yes;
  if (yes) ring.stop();
  draw();
}

function connect() {
  if (live) live.close();
  live = new EventSource("/langsung");
  const alive = () => { heard = Date.now(); cut(false); };
  live.onmessage = (message) => { view = JSON.parse(message.data); heard = Date.now(); gone = false; draw(); };
  live.addEventListener("beat", alive);
  live.addEventListener("out", signedOut);
  live.onerror = async () => {
    cut(true);
    if (live.readyState !== EventSource.CLOSED) return;
    // Closed for good: signed out, or the desk said something else than a stream.
    const answer = await send("/hidup", {});
    if (answer && answer.status === 401) signedOut();
    else setTimeout(connect, 2000);
  };
}

function signedOut() { live.close(); ring.stop(); location.assign("/masuk?lagi"); }

async function send(path, content) {
  try {
    return await fetch(path, { method: "POST", body: JSON.stringify(content),
      headers: { "content-type": "application/json", "x-meja": body.dataset.csrf } });
  } catch { return null; }
}

async function act(verb, call, minutes) {
  if (busy || !call) return;
  busy = true;
  body.dataset.busy = "yes";
  const answer = await send("/panggilan/" + verb, { kiosk: call.kiosk, call: call.id, minutes });
  busy = false;
  body.dataset.busy = "no";
  if (answer && answer.status === 401) { signedOut(); return; }
  const told = answer && answer.ok ? await answer.json() : { outcome: "unreachable" };
  text(one(".refused"), told.outcome === "won" ? "" : words["call." + told.outcome]);
}

// --- what is pressed

const current = () => (view ? ordered()[0] : null);
function take(minutes) { const call = current(); if (call) act(one("#take").dataset.do, call, minutes || call.promises[0].n); }
function pass() { const call = current(); if (call && !one("#pass").hidden) act(one("#pass").dataset.do, call); }

one("#take").addEventListener("click", () => take());
one("#pass").addEventListener("click", pass);
one(".promises").addEventListener("click", (event) => { if (event.target.dataset.minutes) take(Number(event.target.dataset.minutes)); });
one(".more").addEventListener("click", (event) => {
  chosen = event.target.dataset.call || chosen;
  draw();
});
one("#again").addEventListener("click", connect);
one("#sound-start").addEventListener("click", () => { ring.mute(false); ring.wake(); });
for (const button of all(".mute")) button.addEventListener("click", () => {
  if (ring.ready) ring.mute(true); else { ring.mute(false); ring.wake(); }
});
one("#leave").addEventListener("click", async () => { await send("/keluar", {}); location.assign("/masuk"); });
function tab(name) {
  body.dataset.tab = name;
  for (const button of all("nav button")) button.toggleAttribute("aria-current", button.dataset.tab === name);
}
one("nav").addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  tab(button.dataset.tab);
  window.scrollTo(0, 0);
});
one(".bars").addEventListener("click", (event) => { if (event.target.dataset.lesson) openLesson(event.target.dataset.lesson); });
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.key === "j" || event.key === "J") take();
  if (event.key === "t" || event.key === "T") pass();
});

// A touch keeps the session; told at most once a minute.
let touched = Date.now();
// On click, not on press: what moves between press and release takes the touch away from its button.
for (const kind of ["click", "keydown"]) document.addEventListener(kind, () => {
  if (!ring.muted && !ring.ready) ring.wake();
  if (Date.now() - touched < 60000 && !(view && view.idle)) return;
  touched = Date.now();
  send("/hidup", {});
}, { passive: true });

setInterval(() => { if (heard && Date.now() - heard > SILENT) cut(true); }, 1000);
drawLessons(JSON.parse(body.dataset.lessons));
ring.follow(drawSound);
wide.addEventListener("change", draw);
connect();
