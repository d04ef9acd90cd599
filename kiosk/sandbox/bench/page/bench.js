// Draws what the server says and sends what is pressed. Every rule is the server's.
"use strict";
const icons = JSON.parse(document.body.dataset.icons);
const art = document.querySelector(".art");
const enlarge = document.querySelector(".enlarge");
const dialog = document.querySelector("dialog");
const down = document.querySelector(".down");
const language = "?lang=" + document.documentElement.lang;
const panels = Object.fromEntries([...document.querySelectorAll("[data-panel]")].map((p) => [p.dataset.panel, p]));
const refused = document.querySelector("#refused");
let ticket = 0;

// Only touch the page where something changed: a live region that is rewritten would be read aloud again.
function text(node, value) { if (node.textContent !== value) node.textContent = value; }

function chip(panel, view) {
  const node = panel.querySelector(".chip");
  node.dataset.tone = view.tone;
  text(node.querySelector("i"), icons[view.icon]);
  text(node.querySelector("span"), view.text);
}

function device(name, view) {
  const panel = panels[name];
  chip(panel, view.chip);
  segments(panel, view.segment);
  const act = panel.querySelector(".act");
  text(act.querySelector("i"), icons[view.act.icon]);
  text(act.querySelector("span"), view.act.text);
  act.disabled = !view.act.enabled;
  act.dataset.set = JSON.stringify(view.act.body);
  const plug = panel.querySelector(".plug");
  text(plug, view.plug.text);
  plug.setAttribute("aria-label", view.plug.name);
  plug.dataset.set = JSON.stringify(view.plug.body);
  for (const node of panel.querySelectorAll("[data-fault]")) {
    const fault = view.faults[node.dataset.fault];
    node.setAttribute("aria-pressed", fault.on);
    node.disabled = !fault.enabled;
    node.dataset.set = JSON.stringify({ [node.dataset.fault]: !fault.on });
  }
  const turn = panel.querySelector(".turn");
  if (turn) {
    turn.hidden = !view.turn.shown;
    turn.disabled = !view.turn.enabled;
    turn.dataset.set = JSON.stringify(view.turn.body);
  }
  for (const [key, value] of Object.entries(view.art)) art.setAttribute("data-" + key, value);
}

function segments(panel, chosen) {
  for (const node of panel.querySelectorAll(".segments button")) node.setAttribute("aria-pressed", node.dataset.value === chosen);
}

function hang(number) {
  enlarge.hidden = !number;
  if (number === ticket) return;
  ticket = number;
  const printed = art.querySelector(".printed");
  const address = "ticket.png?n=" + number;
  art.setAttribute("data-printed", number ? "yes" : "no");
  if (number) { printed.setAttribute("href", address); dialog.querySelector("img").src = address; return; }
  printed.removeAttribute("href");
  dialog.querySelector("img").removeAttribute("src");
  if (dialog.open) dialog.close();
}

function codes(view) {
  const panel = panels.codes;
  chip(panel, view.chip);
  const [newest, ...earlier] = view.rows;
  const sms = panel.querySelector(".sms");
  sms.classList.toggle("past", Boolean(newest) && !newest.live);
  text(sms.querySelector(".to"), newest ? newest.to : view.none);
  text(sms.querySelector(".code"), newest ? newest.code : "");
  text(sms.querySelector(".until"), newest ? newest.until : "");
  panel.querySelector(".news").style.display = newest && newest.live ? "" : "none";
  const list = panel.querySelector(".earlier");
  list.hidden = !earlier.length;
  list.querySelectorAll("dd").forEach((row) => row.remove());
  for (const row of earlier) list.append(element("dd", element("b", row.code)));
}

function element(name, inner) {
  const node = document.createElement(name);
  node.append(inner);
  return node;
}

function events(rows, none) {
  const list = panels.events.querySelector(".events");
  const lines = rows.map((row) => {
    const line = element("li", element("time", row.time));
    line.append(element("b", row.text));
    return line;
  });
  list.replaceChildren(...(lines.length ? lines : [element("li", none)]));
}

function draw(view) {
  for (const name of ["card", "camera", "printer"]) device(name, view[name]);
  text(art.querySelector(".sees"), view.camera.sees);
  hang(view.printer.ticket);
  chip(panels.network, view.network.chip);
  segments(panels.network, view.network.segment);
  text(panels.network.querySelector(".note"), view.network.note);
  codes(view.codes);
  events(view.events, view.events_none);
  document.body.dataset.drawn = "yes";
}

function running(yes) {
  down.hidden = yes;
  document.body.classList.toggle("gone", !yes);
  for (const panel of Object.values(panels)) panel.inert = !yes;
}

async function send(path, body) {
  try {
    const answer = await fetch(path + language, {
      method: "POST", headers: { "content-type": "application/json" }, body,
    });
    // What changed comes by the stream alone: this answer may be older than what the stream has already drawn.
    refused.hidden = answer.ok;
  } catch { running(false); }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-set]");
  const panel = button && button.closest("[data-panel]");
  if (panel) send(panel.dataset.panel, button.dataset.set);
});
enlarge.addEventListener("click", () => dialog.showModal());

const live = new EventSource("live" + language);
live.onmessage = (message) => { running(true); draw(JSON.parse(message.data)); };
live.onerror = () => running(false);
