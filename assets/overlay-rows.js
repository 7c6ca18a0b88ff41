/* The panel of layers: rows drawn from what assets/layers.js knows. */
(() => {
  const layers = window.gridhall.layers, state = layers.state;
  const $ = (id) => document.getElementById(id);
  const make = (tag, made, ...inside) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(made || {})) if (value !== null && value !== undefined) element.setAttribute(name, value);
    element.append(...inside);
    return element;
  };

  const named = (words, name, layer) => words[name].replace("{title}", layer.title);
  const button = (words, layer, action, sign, word, off) => {
    const title = named(words, word, layer);
    const made = make("button", { type: "button", class: `layers-${action}`, "data-layers": action, "data-id": layer.id, "aria-label": title, title }, sign);
    made.disabled = Boolean(off);
    return made;
  };

  const row = (words, layer, at) => {
    const chosen = state.chosen[at];
    const box = make("input", { type: "checkbox", "data-layers": "turn", "data-id": layer.id });
    box.checked = Boolean(chosen);
    const head = make("div", { class: "layers-line" }, make("label", { class: "layers-name" }, box, make("span", {}, layer.title)));
    const made = make("li", { class: `layers-row is-${layer.state}${chosen ? " is-on" : ""}`, "data-row": layer.id }, head);
    if (chosen) {
      head.append(button(words, layer, "up", "↑", "up", at === 0), button(words, layer, "down", "↓", "down", at === state.chosen.length - 1));
      const dim = make("input", { type: "range", min: 5, max: 100, step: 5, value: Math.round(chosen.opacity * 100), "data-layers": "dim", "data-id": layer.id, "aria-label": named(words, "opacity", layer) });
      const share = make("output", {}, `${dim.value}%`);
      const tools = make("div", { class: "layers-line" }, dim, share);
      const press = make("button", { type: "button", "data-layers": "swipe", "data-id": layer.id, "aria-pressed": String(state.swipe === layer.id), title: named(words, "swipe_of", layer) }, words.swipe);
      tools.append(press);
      if (layer.bounds) tools.append(make("button", { type: "button", "data-layers": "look", "data-id": layer.id, title: named(words, "look_of", layer) }, words.look));
      made.append(tools);
    }
    const said = [state.notes.get(layer.id) && chosen ? state.notes.get(layer.id) : layer.state === "live" ? "" : layer.said, layer.warning];
    for (const each of said.filter(Boolean)) made.append(make("p", { class: `layers-note${each === layer.warning ? " is-warning" : ""}` }, each));
    return made;
  };

  const render = () => {
    const place = $("layers-list");
    if (!place || $("layers-panel").hidden) return;
    const words = JSON.parse(place.dataset.words);
    const on = state.chosen.map((each) => state.known.get(each.id)).filter(Boolean);
    const others = [...state.known.values()].filter((layer) => !on.includes(layer));
    const focus = document.activeElement, key = focus?.dataset?.layers && place.contains(focus) ? [focus.dataset.layers, focus.dataset.id] : null;
    const all = [...on, ...others];
    place.replaceChildren(make("ul", {}, ...all.map((layer) => row(words, layer, state.chosen.findIndex((each) => each.id === layer.id)))));
    $("layers-said").textContent = state.away ? words.away : state.read && !all.length ? words.none : "";
    if (key) {
      const again = (name) => place.querySelector(`[data-layers="${name}"][data-id="${key[1]}"]:not(:disabled)`);
      (again(key[0]) || again("up") || again("down") || again("turn"))?.focus();
    }
  };
  document.addEventListener("gridhall-layers", render);

  const open = (is_open) => {
    $("layers-panel").hidden = !is_open;
    $("layers-button").setAttribute("aria-expanded", String(is_open));
    if (is_open) { render(); layers.read().then(() => $("layers-panel")?.scrollIntoView({ block: "nearest" })); }
    else $("layers-button").focus();
  };

  const ACTIONS = {
    close: () => open(false),
    up: (id) => layers.move(id, -1),
    down: (id) => layers.move(id, 1),
    look: (id) => layers.look(id),
    swipe: (id) => layers.swipe(state.swipe === id ? null : id),
  };
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("#layers-button")) return open($("layers-panel").hidden);
    const pressed = event.target.closest?.("button[data-layers]");
    if (pressed) ACTIONS[pressed.dataset.layers](Number(pressed.dataset.id));
  });
  document.addEventListener("input", ({ target }) => {
    if (target.dataset?.layers === "dim") { target.nextSibling.textContent = `${target.value}%`; layers.dim(Number(target.dataset.id), target.value / 100, false); }
  });
  document.addEventListener("change", ({ target }) => {
    if (target.dataset?.layers === "turn") layers.turn(Number(target.dataset.id), target.checked);
    if (target.dataset?.layers === "dim") layers.dim(Number(target.dataset.id), target.value / 100, true);
  });

  /* A row is moved by keyboard too: Alt and an arrow. */
  const STEP = 0.02, KEYS = { ArrowLeft: -STEP, ArrowDown: -STEP, ArrowRight: STEP, ArrowUp: STEP, Home: -1, End: 1 };
  document.addEventListener("keydown", (event) => {
    const { target, key } = event;
    if (target.id === "layers-swipe") {
      if (key === "Escape") layers.swipe(null);
      else if (KEYS[key]) layers.part(state.share + KEYS[key]);
      else return;
      event.preventDefault();
    } else if (target.closest?.("#layers-panel")) {
      const id = Number(target.closest("[data-row]")?.dataset.row);
      if (key === "Escape") open(false);
      else if (event.altKey && id && (key === "ArrowUp" || key === "ArrowDown")) { layers.move(id, key === "ArrowUp" ? -1 : 1); event.preventDefault(); }
    }
  });

  document.addEventListener("pointerdown", (event) => {
    const line = event.target.closest?.("#layers-swipe");
    if (!line) return;
    line.setPointerCapture(event.pointerId);
    const box = line.parentElement.getBoundingClientRect();
    const move = ({ clientX }) => layers.part((clientX - box.left) / box.width);
    line.addEventListener("pointermove", move);
    line.addEventListener("lostpointercapture", () => line.removeEventListener("pointermove", move), { once: true });
    event.preventDefault();
    line.focus();
  });
})();
