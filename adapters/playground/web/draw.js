"use strict";
// The server draws everything. This puts a column or the dock that was drawn
// anew into the page: what did not change stays, with focus, place and what
// was being typed. app.js says when.

const $ = (sel, root = document) => root.querySelector(sel);
const $$ = (sel, root = document) => [...root.querySelectorAll(sel)];
const say = (text) => { $("#say").textContent = text; };

async function call(path, body) {
  const init = body === undefined ? {} : {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  };
  let res;
  try {
    res = await fetch(path, init);
  } catch {
    throw new Error("The server does not answer.");
  }
  const data = await res.json();
  if (!res.ok) throw new Error(data.error.text);
  return data;
}

// ---- asking for parts of the page -------------------------------------------

const retryAfter = 1000; // ms
const asked = new Map(); // path -> {now: the latest answer, next: one that is not asked for yet}

// anew asks the server for a part of the page and puts it in. One question
// follows the other, so an older answer never comes after a newer one. It
// resolves when what was so at the call is drawn; what fails is asked again
// later.
function anew(path, put) {
  const part = asked.get(path) || { now: Promise.resolve(), next: null };
  asked.set(path, part);
  part.next ||= part.now = part.now.catch(() => {}).then(async () => {
    part.next = null;
    const res = await fetch(path).catch(() => null);
    if (!res || res.status >= 500) {
      setTimeout(anew, retryAfter, path, put);
    } else if (res.ok) {
      const t = document.createElement("template");
      t.innerHTML = await res.text();
      put(t.content);
    }
  });
  return part.next;
}

// ---- drawing columns anew -------------------------------------------------

const columnOf = (el) => el.closest(".column");
const idOf = (el) => columnOf(el).dataset.person;
const drawn = new WeakMap(); // element -> the HTML that it was made of
const focusing = new Set(); // people whose form gets the focus when it is drawn

function refresh(id, focusForm = false) {
  if (focusForm) focusing.add(id);
  return anew("/column/" + encodeURIComponent(id), (fresh) => draw(id, $(".column", fresh), focusing.delete(id)));
}

function draw(id, fresh, focusForm) {
  const old = document.getElementById("c-" + id);
  if (!old) {
    const link = document.createElement("a");
    link.href = "#c-" + id;
    link.textContent = $("h2", fresh).textContent;
    $(".chips").append(link);
    $("#people").append(fresh);
    tick();
    return;
  }
  old.className = fresh.className;
  for (const a of ["lang", "data-zone", "data-locale"]) old.setAttribute(a, fresh.getAttribute(a));
  drawWho(old, fresh);
  drawMessages($(".messages", old), $(".messages", fresh));
  drawForm($(".slot", old), $(".slot", fresh), focusForm);
  for (const sel of [".line", "button"]) {
    $(".composer > " + sel, old).disabled = $(".composer > " + sel, fresh).disabled;
  }
  $(".composer > button", old).textContent = $(".composer > button", fresh).textContent;
  tick();
}

function drawWho(old, fresh) {
  const before = $(".who", old), after = $(".who", fresh);
  const open = $(".settings", before).open;
  keepFocus(old, () => {
    before.replaceWith(after);
    $(".settings", after).open = open;
  });
}

function drawMessages(old, fresh) {
  const atEnd = old.scrollHeight - old.scrollTop - old.clientHeight < 60;
  const known = new Map($$(".message", old).map((m) => [m.dataset.message, m]));
  let changed = null;
  let at = old.firstElementChild;
  for (const m of $$(".message", fresh)) {
    const html = m.outerHTML;
    let here = known.get(m.dataset.message);
    known.delete(m.dataset.message);
    if (!here || (drawn.get(here) ?? html) !== html) {
      const isNews = !here || here.dataset.version !== m.dataset.version;
      if (isNews) { m.classList.add("changed"); changed = m; }
      if (here) {
        if (at === here) at = m;
        const was = here;
        keepFocus(old, () => was.replaceWith(m), m);
      }
      here = m;
    }
    drawn.set(here, html);
    if (here !== at) old.insertBefore(here, at);
    else at = at.nextElementSibling;
  }
  const end = $(".empty", old);
  $(".empty", old).textContent = $(".empty", fresh).textContent;
  for (const gone of known.values()) gone.remove();
  old.append(end);
  if (changed && (atEnd || changed === old.lastElementChild?.previousElementSibling)) old.scrollTop = old.scrollHeight;
}

function drawForm(old, fresh, focusForm) {
  const before = $(".sheet", old), after = $(".sheet", fresh);
  if (before && after && before.dataset.seq === after.dataset.seq) return;
  if (!after) {
    const had = old.contains(document.activeElement);
    old.replaceChildren();
    if (had) $(".composer .line", columnOf(old)).focus();
    return;
  }
  const same = before && before.dataset.form === after.dataset.form && before.dataset.page === after.dataset.page;
  if (same) keepTyped(before, after);
  const place = same ? $(".fields", before).scrollTop : 0;
  keepFocus(old, () => old.replaceChildren(after));
  const wrong = $(".wrong", after);
  $(".fields", after).scrollTop = place;
  if (focusForm) (wrong ? firstControl(wrong) : firstControl($(".fields", after)) || $("footer .primary", after))?.focus();
}

const firstControl = (root) => $("input:not([type=hidden]), select, textarea", root);

// keepTyped carries over what was typed while the page was planned again.
function keepTyped(before, after) {
  for (const el of $$("input:not([type]), input[type=date], textarea", before)) {
    const twin = after.querySelector("#" + CSS.escape(el.id));
    if (!twin || twin.tagName !== el.tagName) continue;
    twin.value = el.value;
    if (el.dataset.value !== undefined) twin.dataset.value = el.dataset.value;
  }
}

function keepFocus(root, change, inside = root) {
  const el = document.activeElement;
  const had = root.contains(el);
  const key = had && (el.id ? "#" + CSS.escape(el.id)
    : el.name ? `[name="${CSS.escape(el.name)}"][value="${CSS.escape(el.value)}"]`
    : el.dataset.token ? `[data-token="${CSS.escape(el.dataset.token)}"]` : "summary");
  const [from, to] = had && el.selectionStart !== undefined ? [el.selectionStart, el.selectionEnd] : [null, null];
  change();
  if (!had || document.activeElement === el) return;
  const twin = $(key, inside);
  if (twin) {
    twin.focus({ preventScroll: true });
    if (from !== null) try { twin.setSelectionRange(from, to); } catch { /* not a text */ }
  } else if (inside !== root) inside.focus({ preventScroll: true });
}

function drawDock() { return anew("/dock", putDock); }

function putDock(fresh) {
  const old = $("#audit");
  const atEnd = old.scrollHeight - old.scrollTop - old.clientHeight < 40;
  const seen = new Set($$("[data-line]", old).map((l) => l.dataset.line));
  const scroll = $(".resources").scrollTop;
  for (const l of $$("[data-line]", fresh)) if (seen.size && !seen.has(l.dataset.line)) l.classList.add("changed");
  const place = old.scrollTop;
  keepFocus($("#dock"), () => $("#dock").replaceChildren(fresh));
  $(".resources").scrollTop = scroll;
  $("#audit").scrollTop = atEnd ? $("#audit").scrollHeight : place;
}
