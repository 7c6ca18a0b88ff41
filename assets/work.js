/* Working on a case: fields that Dash has no element for, photos, sending a step once, the keyboard of a list. */
window.gridhall = window.gridhall || {};
(() => {
  const make = (tag, attributes = {}, ...children) => {
    const made = Object.assign(document.createElement(tag), attributes);
    made.append(...children);
    return made;
  };
  const key = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (n) => n.toString(16).padStart(2, "0")).join("");
  const tell = (id, props) => window.dash_clientside.set_props(id, props);

  /* Fields ------------------------------------------------------------------ */
  const OWN = { min: "min", max: "max", step: "step", value: "value", placeholder: "placeholder", list: "list", mode: "inputmode" };

  const makeInput = (place) => {
    const { name, type, required } = place.dataset;
    const input = make("input", { name, type, required: Boolean(required), autocomplete: "off" });
    for (const [given, attribute] of Object.entries(OWN)) {
      if (place.dataset[given] !== undefined) input.setAttribute(attribute, place.dataset[given]);
    }
    if (type === "date") input.min = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
    place.replaceChildren(input);
  };

  const makePhotos = (place) => {
    const words = place.dataset;
    const input = make("input", { type: "file", accept: "image/*", multiple: true });
    const shown = make("ul", { className: "gh-thumbs" });
    const said = make("p", { className: "gh-form-said", hidden: true });
    said.setAttribute("role", "alert");
    input.setAttribute("aria-label", `${words.add}: ${words.label}`);
    input.addEventListener("change", async () => {
      for (const file of [...input.files]) await send(place, shown, said, file);
      input.value = "";
    });
    place.replaceChildren(make("label", { className: "gh-add-photo" }, input, make("span", { textContent: words.add })), shown, said);
  };

  const send = async (place, shown, said, file) => {
    const words = place.dataset;
    const picture = make("img", { src: URL.createObjectURL(file), alt: file.name });
    const item = make("li", { className: "is-sending" }, picture);
    shown.append(item);
    said.hidden = true;
    try {
      const kind = { before: "before", after: "after" }[words.name] || "evidence";
      const body = new FormData();
      body.append("photo", file);
      body.append("kind", kind);
      const answer = await fetch("/photos", { method: "POST", body });
      const told = await answer.json().catch(() => ({}));
      if (!answer.ok) throw new Error(told.detail || words.failed);
      item.dataset.photo = told.id;
      item.className = "";
      const remove = make("button", { type: "button", textContent: "×" });
      remove.setAttribute("aria-label", words.remove);
      remove.addEventListener("click", () => item.remove());
      item.append(remove);
    } catch (error) {
      item.remove();
      said.textContent = error instanceof TypeError ? words.failed : error.message;
      said.hidden = false;
    }
  };

  const upgrade = () => {
    document.querySelectorAll(".gh-made:not([data-done])").forEach((place) => { place.dataset.done = "1"; makeInput(place); });
    document.querySelectorAll(".gh-photos-input:not([data-done])").forEach((place) => { place.dataset.done = "1"; makePhotos(place); });
  };
  new MutationObserver(upgrade).observe(document.documentElement, { childList: true, subtree: true });
  upgrade();

  document.addEventListener("click", ({ target }) => {
    const pressed = target.closest?.("[data-fill]");
    if (pressed) pressed.closest("form").querySelector(`[name="${pressed.dataset.fill}"]`).value = pressed.dataset.value;
  });

  /* What a form holds: names → values, photos as numbers, days as the second in which they end. */
  const fieldsOf = (form) => {
    const found = {};
    for (const each of form.querySelectorAll("[name]")) {
      if (each.type === "checkbox") { if (each.checked) (found[each.name] ||= []).push(each.value); }
      else if (each.value.trim()) {
        found[each.name] = each.type === "number" ? Number(each.value) : each.type === "date" ? endOf(each.value) : each.value;
      }
    }
    for (const place of form.querySelectorAll(".gh-photos-input")) {
      const ids = [...place.querySelectorAll("[data-photo]")].map((item) => Number(item.dataset.photo));
      if (ids.length) found[place.dataset.name] = ids;
    }
    return found;
  };
  const endOf = (day) => Math.floor(new Date(`${day}T23:59:59`).getTime() / 1000);

  /* Sending ------------------------------------------------------------------ */
  const say = (form, text, more = []) => {
    const place = form.querySelector(":scope > .gh-form-said");
    place.replaceChildren(...(text ? [make("p", { textContent: text })] : []), ...more);
    place.hidden = !text;
  };

  const busy = (form, yes) => {
    const button = form.querySelector("button[type=submit]");
    button.dataset.label ||= button.textContent;
    button.disabled = yes;
    button.textContent = yes ? form.dataset.sending : button.dataset.label;
  };

  /* An end that cannot be undone is asked for twice. */
  const confirmed = (form) => {
    const button = form.querySelector("button[type=submit]");
    if (!form.dataset.confirm || button.classList.contains("is-sure")) return true;
    button.dataset.label = button.textContent = form.dataset.confirm;
    button.classList.add("is-sure");
    return false;
  };

  const post = async (form, address, body) => {
    form.dataset.once ||= key();
    const answer = await fetch(address, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ ...body, once: form.dataset.once }),
    });
    if (answer.status === 401) location.assign(`/login?next=${encodeURIComponent(location.pathname)}`);
    return [answer, await answer.json().catch(() => ({}))];
  };

  const missing = (form) => [...form.querySelectorAll(".gh-photos-input[data-required]")].find((p) => !p.querySelector("[data-photo]"));

  const submit = async (form, address, body, done) => {
    const without = missing(form);
    if (without) {
      say(form, `${without.dataset.add}: ${without.dataset.label}`);
      without.querySelector("input").focus();
      return;
    }
    if (!confirmed(form)) return;
    say(form, "");
    busy(form, true);
    try {
      const [answer, told] = await post(form, address, body);
      if (answer.ok) return done(told);
      if (answer.status !== 409 && answer.status < 500) delete form.dataset.once;
      say(form, told.detail || form.dataset.lost, answer.status === 409 && form.dataset.again ? [changes(told), again(form)] : []);
    } catch {
      say(form, form.dataset.lost);
    } finally {
      busy(form, false);
    }
  };

  const changes = (told) => make("ul", {}, ...(told.changed || []).map((text) => make("li", { textContent: text })));
  const again = (form) => {
    const button = make("button", { type: "button", className: "gh-button", textContent: form.dataset.again });
    button.addEventListener("click", () => refresh());
    return button;
  };
  const refresh = () => {
    tell("case-typing", { data: false });
    tell("case-moved", { data: Date.now() });
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.matches("form.gh-move-form")) {
      event.preventDefault();
      const { case: id, move, version, seen } = form.dataset;
      const body = { case: Number(id), move, version: Number(version), seen: Number(seen), fields: fieldsOf(form) };
      submit(form, "/moves", body, () => {
        document.getElementById("case-said").textContent = form.dataset.done;
        form.closest("details").open = false;
        refresh();
      });
    } else if (form.matches("form.gh-new-form")) {
      event.preventDefault();
      submit(form, "/reports", { fields: { ...fieldsOf(form), ...place }, self_handled: form.dataset.self === "true" },
        (told) => window.gridhall.address.open(`/cases/${told.case}`));
    }
  });

  /* While somebody writes, the fields are not drawn anew below their hands. */
  document.addEventListener("input", ({ target }) => {
    if (target.closest?.(".gh-move-form")) tell("case-typing", { data: true });
  });
  document.addEventListener("click", ({ target }) => { if (target.closest?.("#case-again")) refresh(); });

  /* The list of work: j and k go down and up, Enter opens (it is a link), / searches. */
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.("input, textarea, select")) return;
    const rows = [...document.querySelectorAll(".gh-work .gh-work-row")];
    if (!rows.length) return;
    if (event.key === "/") {
      event.preventDefault();
      document.querySelector(".gh-page-inbox .gh-search input")?.focus();
    }
    const step = { j: 1, k: -1 }[event.key];
    if (step) rows[Math.min(Math.max(rows.indexOf(document.activeElement) + step, 0), rows.length - 1)].focus();
  });

  /* A new case: where it is, and whether it is known already ------------------- */
  let place = {};
  let asked = 0;

  const similar = () => {
    const form = document.querySelector("form.gh-new-form");
    const category = form?.querySelector("[name=category]")?.value;
    clearTimeout(asked);
    if (!category || place.longitude === undefined) return;
    asked = setTimeout(async () => {
      const body = JSON.stringify({ category, longitude: place.longitude, latitude: place.latitude });
      const answer = await fetch("/duplicates", { method: "POST", headers: { "Content-Type": "application/json" }, body }).catch(() => null);
      if (answer?.ok) known(await answer.json());
    }, 400);
  };
  const known = ({ cases = [] }) => {
    const box = document.getElementById("new-similar");
    if (!box) return;
    box.hidden = !cases.length;
    box.querySelector("ul").replaceChildren(...cases.map((each) => make("li", {},
      make("a", { href: `/cases/${each.id}`, target: "_blank", textContent: each.number }), ` ${each.text}`)));
  };
  document.addEventListener("change", ({ target }) => {
    if (target.matches?.("form.gh-new-form [name=category]")) similar();
    if (target.id === "new-area") tell("new-chosen", { data: target.value });
  });
  document.addEventListener("click", ({ target }) => {
    const here = target.closest?.("#new-here");
    if (!here) return;
    const said = document.getElementById("new-here-said");
    const failed = () => { said.textContent = here.dataset.failed; };
    if (!navigator.geolocation) return failed();
    said.textContent = here.dataset.asking;
    navigator.geolocation.getCurrentPosition(({ coords }) => {
      said.textContent = `± ${Math.round(coords.accuracy)} m`;
      tell("new-point", { data: { longitude: coords.longitude, latitude: coords.latitude } });
    }, failed, { enableHighAccuracy: true, timeout: 15_000 });
  });

  /* Narrow screens fold the stages of the board. */
  const fold = () => {
    if (matchMedia("(max-width: 780px)").matches) {
      document.querySelectorAll(".gh-board-column:not([data-folded])").forEach((column, index) => {
        column.dataset.folded = "1";
        column.open = index === 0;
      });
    }
  };
  new MutationObserver(fold).observe(document.documentElement, { childList: true, subtree: true });

  window.dash_clientside = Object.assign(window.dash_clientside || {}, {
    work: {
      place: (point, area) => {
        place = point ? { longitude: point.longitude, latitude: point.latitude } : area ? { area } : {};
        similar();
        return window.dash_clientside.no_update;
      },
      pick: (click) => {
        if (!click?.latlng) return window.dash_clientside.no_update;
        return { longitude: click.latlng.lng, latitude: click.latlng.lat };
      },
    },
  });
})();
