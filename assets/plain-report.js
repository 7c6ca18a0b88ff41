// Makes the form of /report easier: map, draft, photos that go ahead, sending that waits for the network.
"use strict";
(() => {
  const form = document.getElementById("report"), words = form.dataset, field = form.elements;
  const byId = (name) => document.getElementById(`report-${name}`);
  const problem = byId("problem"), note = byId("note"), send = byId("send"), progress = byId("progress");
  const LONGEST_WAIT = 30000, KEPT = ["group", "text", "spot", "phone", "longitude", "latitude", "area", "form"];
  const scanned = field.place.value;
  let waits = 1000, timer = 0, busy = false;
  document.documentElement.classList.add("has-script");

  const say = (where, text) => { where.textContent = text; where.hidden = !text; };
  const refuse = (text) => {
    say(problem, text);
    if (text) problem.scrollIntoView({ block: "center" });
  };
  form.addEventListener("refused", (event) => refuse(event.detail));

  // place
  const details = byId("place"), where = byId("where"), box = byId("map");
  const located = () => Boolean(field.longitude.value || field.area.value || scanned);
  let asking = 0;
  const name = () => {
    clearTimeout(asking);
    asking = setTimeout(async () => {
      const at = `longitude=${field.longitude.value}&latitude=${field.latitude.value}`;
      const told = await fetch(`/report/where?${at}`).then((answer) => answer.json(), () => ({}));
      if (told.name === null) refuse(words.beyond);
      else if (told.name) { refuse(""); if (!scanned || box.dataset.exact === "moved") where.textContent = told.name; }
    }, 400);
  };
  const choose = (moved) => {
    const at = map.get();
    field.longitude.value = at.longitude.toFixed(6);
    field.latitude.value = at.latitude.toFixed(6);
    field.area.value = "";
    if (box.dataset.exact !== "moved" && field.spot.value === field.spot.defaultValue) field.spot.value = moved ? "" : field.spot.value;
    box.dataset.exact = moved ? "moved" : "";
    name();
    keep();
  };
  box.hidden = false;
  document.documentElement.classList.add("has-map");
  const near = document.createElement("span"), pin = document.createElement("span");
  near.className = "is-near";
  pin.className = "is-pin";
  pin.innerHTML = '<svg viewBox="0 0 28 40" width="28" height="40" aria-hidden="true"><path d="M14 39C8 28 2 21 2 13a12 12 0 0 1 24 0c0 8-6 15-12 26z" fill="var(--gh-accent)" stroke="var(--gh-surface)" stroke-width="2"/><circle cx="14" cy="13" r="5" fill="var(--gh-surface)"/></svg>';
  box.append(near, pin);
  const map = window.tileMap(box, () => choose(true));
  const opened = () => {
    byId("keys").hidden = !details.open;
    near.hidden = pin.hidden = !details.open && !("exact" in box.dataset);
    map.live(details.open);
  };
  details.addEventListener("toggle", opened);
  opened();
  field.area.addEventListener("change", () => {
    field.longitude.value = field.latitude.value = "";
    if (field.area.value) where.textContent = field.area.selectedOptions[0].textContent;
    keep();
  });
  const KEYS = {
    in: () => map.scale(1),
    out: () => map.scale(-1),
    take: () => { choose(false); details.open = false; },
    here: () => navigator.geolocation.getCurrentPosition(
      ({ coords }) => { map.set(coords.longitude, coords.latitude); choose(true); }, () => refuse(words.unlocated), { timeout: 10000 }),
  };
  byId("keys").addEventListener("click", (event) => { const key = event.target.closest("button"); if (key) KEYS[key.dataset.do](); });

  // draft
  const shelf = window.photoShelf(form, () => keep());
  let keeping = 0;
  const keep = () => {
    clearTimeout(keeping);
    keeping = setTimeout(() => {
      const values = Object.fromEntries(KEPT.map((key) => [key, field[key].value]));
      if (values.group || values.text || values.phone || shelf.all().length) window.draft.write({ ...values, scanned, photos: shelf.kept() });
    }, 250);
  };
  form.addEventListener("input", keep);
  const restore = (found) => {
    const moved = scanned && found.scanned !== scanned; // another code was scanned: its place counts
    for (const key of KEPT) if (!(moved && ["longitude", "latitude", "area", "spot"].includes(key))) field[key].value = found[key] || field[key].value;
    shelf.restore(found.photos);
    if (field.longitude.value) { map.set(Number(field.longitude.value), Number(field.latitude.value)); box.dataset.exact = ""; details.open = false; name(); opened(); }
    say(note, words.restored + " ");
    const afresh = document.createElement("button");
    afresh.type = "button";
    afresh.textContent = words.afresh;
    afresh.onclick = () => { window.draft.clear(); location.reload(); };
    note.append(afresh);
  };
  const found = problem.hidden ? window.draft.read() : null;
  if (found) restore(found);

  // sending
  const rest = () => { busy = false; send.disabled = false; progress.hidden = true; };
  const later = () => {
    say(note, words.waiting);
    timer = setTimeout(go, waits);
    waits = Math.min(LONGEST_WAIT, waits * 2);
  };
  const body = () => {
    const told = new FormData(form);
    told.delete("photo");
    told.delete("kept");
    for (const id of shelf.ids()) told.append("kept", id);
    return told;
  };
  const go = async () => {
    clearTimeout(timer);
    timer = 0;
    say(note, words.sending);
    progress.hidden = false;
    progress.removeAttribute("value");
    try {
      await shelf.sendAll();
      const answer = await fetch("/report", { method: "POST", body: body(), headers: { Accept: "application/json" } });
      if (answer.status >= 500) throw new TypeError("no answer");
      const told = await answer.json();
      if (answer.ok) { clearTimeout(keeping); window.draft.clear(); location.replace(told.to); return; }
      if (told.form && told.form !== field.form.value) { field.form.value = told.form; shelf.forget(); }
      say(note, "");
      refuse(told.detail);
      rest();
    } catch (error) {
      if (error instanceof TypeError) { later(); return; }
      say(note, "");
      refuse(error.message);
      rest();
    }
  };
  addEventListener("online", () => { if (timer) go(); });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (busy) return;
    refuse("");
    if (!field.group.value) { refuse(words.problem); return; }
    if (!located()) { details.open = true; refuse(words.nowhere); return; }
    busy = send.disabled = true;
    waits = 1000;
    keep();
    go();
  });
})();
