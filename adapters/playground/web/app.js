"use strict";
// The page's script: it sends what people do, and asks for a column or the
// dock again when the stream of events says that it changed. draw.js puts it
// into the page.

// ---- what people do --------------------------------------------------------

const turns = new Map(); // person -> what they are doing, and the promise of its end

// act carries out what somebody did when what they did before is done. The
// same again meanwhile is a double click: false, as for what went wrong.
function act(el, path, body, focusForm = true) {
  const id = idOf(el), what = path + JSON.stringify(body), before = turns.get(id);
  if (before?.what === what) return Promise.resolve(false);
  const column = columnOf(el);
  const turn = { what, done: (before?.done ?? Promise.resolve()).then(() => carryOut(column, path, body, focusForm)) };
  turns.set(id, turn);
  return turn.done.finally(() => { if (turns.get(id) === turn) turns.delete(id); });
}

async function carryOut(column, path, body, focusForm) {
  const id = column.dataset.person, problem = $(".problem", column);
  problem.textContent = "";
  try {
    const v = await call(`/api/people/${encodeURIComponent(id)}/${path}`, body);
    await refresh(id, focusForm && v.form !== null);
    if (v.private) say(v.private.card.summary);
    return true;
  } catch (e) {
    problem.textContent = e.message;
    await refresh(id);
    return false;
  }
}

function confirmed(text, label) {
  const box = $("#confirm");
  $("#confirm-text").textContent = text;
  $("#confirm-yes").textContent = label;
  box.returnValue = "no";
  box.showModal();
  return new Promise((done) => box.addEventListener("close", () => done(box.returnValue === "yes"), { once: true }));
}

function answers(form) {
  const out = {};
  for (const field of $$("[data-field]", form)) {
    const id = field.dataset.field;
    const boxes = $$("input[type=radio], input[type=checkbox]", field);
    const more = $("[data-more]", field);
    if (boxes.length || more) {
      out[id] = boxes.filter((b) => b.checked).map((b) => b.value);
      if (more?.value.trim()) out[id].push(more.value);
      continue;
    }
    const el = firstControl(field);
    out[id] = el.dataset.search !== undefined ? el.dataset.value || el.value : el.value;
  }
  return out;
}

function sendForm(form, live) {
  const body = { form: form.dataset.form, page: Number(form.dataset.page), answers: answers(form) };
  if (live) body.live = true;
  return act(form, "submit", body, !live);
}

document.addEventListener("submit", async (e) => {
  const form = e.target;
  if (form.method === "dialog") return;
  e.preventDefault();
  if (form.classList.contains("composer")) {
    const line = $(".line", form), text = line.value;
    closeList(line);
    if (!text.trim()) return;
    if (await act(form, "command", { text })) {
      remember(line, text);
      if (line.value === text) line.value = "";
    }
  } else if (form.classList.contains("sheet")) {
    sendForm(form, false);
  } else if (form.id === "custom-jump") {
    if (await jump($("#advance").value)) $("#advance").value = "";
  } else if (form.id === "newcomer-form") {
    addPerson(form);
  }
});

document.addEventListener("click", async (e) => {
  const b = e.target.closest("button");
  if (!b) return;
  if (b.dataset.token) {
    if (b.dataset.confirm && !(await confirmed(b.dataset.confirm, b.textContent))) return;
    act(b, "press", { message: b.closest(".message").dataset.message, token: b.dataset.token });
  } else if ("dismiss" in b.dataset) {
    act(b, "dismiss", { message: b.closest(".message").dataset.message });
  } else if ("closeForm" in b.dataset) {
    act(b, "dismiss", { form: b.closest(".sheet").dataset.form });
  } else if ("leave" in b.dataset) {
    act(b, "profile", { leave: true });
  } else if (b.dataset.advance) {
    jump(b.dataset.advance);
  } else if (b.id === "add") {
    $("#newcomer").showModal();
  } else if ("close" in b.dataset) {
    b.closest("dialog").close();
  }
});

document.addEventListener("change", async (e) => {
  const el = e.target;
  if (el.dataset.profile) {
    act(el, "profile", { [el.dataset.profile]: el.value }, false);
  } else if ("caps" in el.dataset) {
    act(el, "caps", { forms: el.value }, false);
  } else if (el.dataset.resource) {
    try {
      await call("/api/resources/" + encodeURIComponent(el.dataset.resource), { mode: el.value });
    } catch (err) {
      say(err.message);
    }
    drawDock();
  } else {
    const field = el.closest("[data-live]");
    if (field && !("search" in el.dataset)) sendForm(field.closest(".sheet"), true);
  }
});

document.addEventListener("keydown", (e) => {
  const line = e.target.closest?.("[role=combobox]");
  if (line && listKey(line, e)) return;
  if (line && line.closest(".composer") && recall(line, e)) return;
  if (e.key !== "Escape" || e.defaultPrevented) return;
  const settings = e.target.closest(".settings[open]");
  if (settings) {
    settings.open = false;
    $("summary", settings).focus();
    return;
  }
  const sheet = e.target.closest(".sheet");
  if (sheet) $("[data-close-form]", sheet).click();
});

document.addEventListener("click", (e) => {
  for (const s of $$(".settings[open]")) if (!s.contains(e.target)) s.open = false;
});

async function addPerson(form) {
  try {
    const v = await call("/api/people", Object.fromEntries(new FormData(form)));
    form.reset();
    $("#newcomer").close();
    await refresh(v.person.id);
    document.getElementById("c-" + v.person.id).scrollIntoView({ behavior: "smooth", inline: "end" });
    document.getElementById("say-" + v.person.id).focus();
  } catch (err) {
    $(".error", form).textContent = err.message;
  }
}

async function jump(advance) {
  try {
    setClock(await call("/api/clock", { advance }));
    say("The clock was put forward by " + advance);
    return true;
  } catch (err) {
    $("#link").textContent = err.message;
    setTimeout(() => { $("#link").textContent = ""; }, 6000);
    return false;
  }
}

// ---- completion ------------------------------------------------------------

const listOf = (line) => document.getElementById(line.getAttribute("aria-controls"));
const asking = new WeakMap(); // line -> number of its latest question

function closeList(line) {
  asking.set(line, (asking.get(line) || 0) + 1);
  const list = listOf(line);
  if (!list) return;
  list.hidden = true;
  list.replaceChildren();
  line.setAttribute("aria-expanded", "false");
  line.removeAttribute("aria-activedescendant");
}

async function offer(line) {
  const n = (asking.get(line) || 0) + 1;
  asking.set(line, n);
  const id = encodeURIComponent(idOf(line));
  const form = line.closest(".sheet");
  const query = new URLSearchParams(form
    ? { form: form.dataset.form, field: line.closest("[data-field]").dataset.field, query: line.value }
    : { text: line.value });
  let found;
  try {
    found = (await call(`/api/people/${id}/${form ? "options" : "complete"}?${query}`)).options;
  } catch {
    found = [];
  }
  if (asking.get(line) !== n) return;
  const list = listOf(line);
  list.replaceChildren(...found.map((o, i) => {
    const li = document.createElement("li");
    li.id = `${list.id}-${i}`;
    li.role = "option";
    li.dataset.value = o.value;
    li.dataset.label = o.label;
    li.append(o.label);
    if (o.hint) li.append(Object.assign(document.createElement("small"), { textContent: o.hint }));
    li.addEventListener("mousedown", (e) => { e.preventDefault(); pick(line, li); });
    return li;
  }));
  list.hidden = !found.length;
  line.setAttribute("aria-expanded", String(found.length > 0));
  line.removeAttribute("aria-activedescendant");
}

function pick(line, li) {
  if (line.dataset.more !== undefined) {
    choose(line, li);
    return;
  }
  if (line.dataset.search !== undefined) {
    line.value = li.dataset.label;
    line.dataset.value = li.dataset.value;
    closeList(line);
    if (line.closest("[data-live]")) sendForm(line.closest(".sheet"), true);
    return;
  }
  line.value = li.dataset.value;
  line.setSelectionRange(line.value.length, line.value.length);
  closeList(line);
  offer(line);
}

// choose adds what was found to the boxes of a field that takes several.
function choose(line, li) {
  const field = line.closest("[data-field]"), boxes = $(".choices", field);
  let box = $$("input", boxes).find((b) => b.value === li.dataset.value);
  if (!box) {
    box = Object.assign(document.createElement("input"), { type: "checkbox", name: field.dataset.field, value: li.dataset.value });
    const label = document.createElement("label");
    label.append(box, " ", Object.assign(document.createElement("span"), { textContent: li.dataset.label }));
    boxes.append(label);
  }
  box.checked = true;
  line.value = "";
  closeList(line);
  if (line.closest("[data-live]")) sendForm(line.closest(".sheet"), true);
}

function mark(line, li) {
  for (const o of listOf(line).children) o.setAttribute("aria-selected", String(o === li));
  line.setAttribute("aria-activedescendant", li.id);
  li.scrollIntoView({ block: "nearest" });
}

// listKey moves in the list of options; true when the key was used up.
function listKey(line, e) {
  const list = listOf(line);
  if (!list || list.hidden) return false;
  const at = $("[aria-selected=true]", list);
  let to = null;
  if (e.key === "ArrowDown") to = at?.nextElementSibling || list.firstElementChild;
  else if (e.key === "ArrowUp") to = at?.previousElementSibling || list.lastElementChild;
  else if (e.key === "Tab" && !e.shiftKey && line.closest(".composer")) pick(line, at || list.firstElementChild);
  else if (e.key === "Enter" && at) {
    pick(line, at);
    picked = true;
  }
  else if (e.key === "Escape") closeList(line);
  else return false;
  if (to) mark(line, to);
  e.preventDefault();
  return true;
}

// A browser that a program drives sends the keypress of an Enter that was used
// up, and the form would be sent by it.
let picked = false;
document.addEventListener("keypress", (e) => { if (picked && e.key === "Enter") e.preventDefault(); });
document.addEventListener("keyup", () => { picked = false; });

const past = new Map(); // person -> what they typed, newest last

function remember(line, text) {
  const list = past.get(idOf(line)) || [];
  past.set(idOf(line), [...list.filter((t) => t !== text), text].slice(-30));
  delete line.dataset.back;
}

// recall brings back with the arrow keys what was typed before.
function recall(line, e) {
  const list = past.get(idOf(line)) || [];
  const step = { ArrowUp: 1, ArrowDown: -1 }[e.key];
  const back = Number(line.dataset.back || 0);
  if (!step || !list.length || (line.value && !back)) return false;
  const next = Math.min(Math.max(back + step, 0), list.length);
  line.dataset.back = next || "";
  line.value = next ? list[list.length - next] : "";
  e.preventDefault();
  return true;
}

let typing;
document.addEventListener("input", (e) => {
  const line = e.target;
  if (line.getAttribute("role") !== "combobox") return;
  delete line.dataset.back;
  if (line.dataset.search !== undefined) line.dataset.value = "";
  clearTimeout(typing);
  typing = setTimeout(() => offer(line), 120);
});
document.addEventListener("focusin", (e) => {
  if (e.target.dataset?.search !== undefined) offer(e.target);
});
document.addEventListener("focusout", (e) => {
  if (e.target.getAttribute?.("role") === "combobox") closeList(e.target);
});

// ---- the clock --------------------------------------------------------------

let skew = Date.parse(document.body.dataset.now) - Date.now();

function setClock(c) {
  skew = Date.parse(c.now) - Date.now();
  const hours = Math.round(parseFloat(c.offset));
  const count = (n, unit) => n ? [`${n} ${unit}${n === 1 ? "" : "s"}`] : [];
  const text = [...count(Math.floor(hours / 24), "day"), ...count(hours % 24, "hour")].join(" ");
  $("#ahead").textContent = text && "+" + text;
  tick();
}

function inWords(at, locale, timeZone, short) {
  const parts = { day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone };
  const lang = locale.toLowerCase().startsWith("de") ? "de" : "en-GB";
  try {
    const p = Object.fromEntries(new Intl.DateTimeFormat(lang, parts).formatToParts(at).map((x) => [x.type, x.value]));
    const day = `${p.day}${lang === "de" ? "." : ""} ${short ? p.month.slice(0, 3) : p.month + " " + p.year}`;
    return `${day}, ${p.hour}:${p.minute} ${timeZone}`;
  } catch {
    return at.toISOString();
  }
}

function tick() {
  const at = new Date(Date.now() + skew);
  const set = (el, text) => { if (el.textContent !== text) el.textContent = text; };
  set($("#now"), inWords(at, "en", "UTC", false));
  $("#now").dateTime = at.toISOString();
  for (const c of $$(".column")) set($(".local", c), inWords(at, c.dataset.locale, c.dataset.zone, true));
}

// ---- live -------------------------------------------------------------------

const everybody = () => $$(".column").map((c) => c.dataset.person);

// follow draws anew what changed. What it has to ask first is asked until the
// server answers.
async function follow(changed) {
  const dock = ["audit", "resources", "all", "people"].some((w) => changed.includes(w));
  const wide = changed.some((w) => w === "all" || w === "clock" || w.startsWith("channel/"));
  if (dock || wide) drawDock();
  if (changed.includes("clock") || changed.includes("all")) call("/api/clock").then(setClock, () => {});
  let ids = changed.filter((w) => w.startsWith("person/")).map((w) => w.slice("person/".length));
  if (wide) ids = ids.concat(everybody());
  if (changed.includes("people") || changed.includes("all")) {
    try {
      ids = ids.concat((await call("/api/people")).people.map((p) => p.id));
    } catch {
      setTimeout(follow, retryAfter, ["people"]);
    }
  }
  for (const id of new Set(ids)) refresh(id);
}

// The stream tells what changed since the page was drawn, not since it was opened.
const { since, audit } = document.body.dataset;
const events = new EventSource("/api/events?" + new URLSearchParams({ since, audit }));
events.addEventListener("changed", (e) => follow(JSON.parse(e.data).changed));
events.addEventListener("open", () => {
  if ($("#link").dataset.down) follow(["all"]);
  delete $("#link").dataset.down;
  $("#link").textContent = "";
});
events.addEventListener("error", () => {
  $("#link").dataset.down = "1";
  $("#link").textContent = "Connection lost; trying again…";
});
window.addEventListener("pagehide", () => events.close());

for (const m of $$(".message")) drawn.set(m, m.outerHTML);
for (const m of $$(".messages")) m.scrollTop = m.scrollHeight;
$("#audit").scrollTop = $("#audit").scrollHeight;
if (matchMedia("(max-width: 640px)").matches) $("#dock-box").open = false;
tick();
setInterval(tick, 1000);
