/* Layers of other services on the map: what is chosen stands in the address (?layers=12:0.6,15, the topmost first). */
window.gridhall = window.gridhall || {};
window.dash_clientside = window.dash_clientside || {};
(() => {
  const FULL = 1, AGAIN_MS = 30_000, RENEW_S = 60, WHY_MS = 10_000, PAUSE_MS = 250, MOST_CHOSEN = 12;
  const state = { map: null, known: new Map(), chosen: [], drawn: new Map(), notes: new Map(), read: false, away: false, swipe: null, share: 0.5 };
  const tell = () => document.dispatchEvent(new CustomEvent("gridhall-layers"));

  /* The address. */
  const parse = (search) => {
    const found = new Map();
    for (const part of (new URLSearchParams(search || "").get("layers") || "").split(",")) {
      const [, id, share] = part.match(/^(\d{1,9})(?::(0(?:\.\d+)?|1))?$/) || [];
      if (id && found.size < MOST_CHOSEN) found.set(Number(id), { id: Number(id), opacity: share === undefined ? FULL : Math.max(Number(share), 0.05) });
    }
    return [...found.values()];
  };
  const text = () => state.chosen.map((each) => (each.opacity === FULL ? `${each.id}` : `${each.id}:${each.opacity}`)).join(",");
  /* Not a step of "back", and nobody else need hear of it: no figure depends on it. */
  const write = () => {
    const query = new URLSearchParams(location.search);
    query.delete("layers");
    const rest = query.toString(), mine = state.chosen.length ? `layers=${text()}` : "";
    const all = [rest, mine].filter(Boolean).join("&");
    history.replaceState(history.state, "", location.pathname + (all && `?${all}`));
  };

  const note = (id, said) => {
    if ((state.notes.get(id) || "") === (said || "")) return;
    if (said) state.notes.set(id, said); else state.notes.delete(id);
    tell();
  };
  const words = () => JSON.parse(document.getElementById("layers-list")?.dataset.words || "{}");

  /* Why something could not be fetched, in the words of the server; asked at most now and then. */
  const asked = new Map();
  const why = async (id, address) => {
    if (Date.now() - (asked.get(id) || 0) < WHY_MS) return;
    asked.set(id, Date.now());
    try {
      const answer = await fetch(address, { cache: "no-store" });
      note(id, answer.ok ? "" : (await answer.json()).detail || words().away);
    } catch { note(id, words().away); }
  };

  /* Drawing: a pane a layer, so that each is ordered and cut for itself. */
  const paneOf = (id) => {
    const name = `layer-${id}`;
    const pane = state.map.getPane(name) || state.map.createPane(name);
    pane.classList.add("overlay-pane");
    return name;
  };

  const raster = (layer, opacity) => {
    const [west, south, east, north] = layer.bounds || [];
    const address = `/layers/${layer.id}/{z}/{x}/{y}.png?v=${layer.version}`;
    const made = window.L.tileLayer(address, {
      pane: paneOf(layer.id), opacity, keepBuffer: 1, updateWhenZooming: false,
      minZoom: layer.min_zoom ?? 0, maxZoom: 22, maxNativeZoom: layer.max_zoom ?? 18,
      ...(layer.bounds ? { bounds: [[south, west], [north, east]] } : {}),
    });
    made.on("tileerror", (event) => why(layer.id, event.tile.src));
    made.on("tileload", () => { if (state.notes.has(layer.id) && Date.now() - (asked.get(layer.id) || 0) > WHY_MS) note(layer.id, ""); });
    return { leaflet: made, opacity: (share) => made.setOpacity(share), moved: () => far(layer), again: () => made.setUrl(`${address}&t=${Date.now()}`) };
  };

  const far = (layer) => {
    const needed = layer.min_zoom ?? 0, is_far = state.map && Math.round(state.map.getZoom()) < needed;
    const said = words().far?.replace("{z}", needed);
    if (is_far) note(layer.id, said);
    else if (state.notes.get(layer.id) === said) note(layer.id, "");
  };

  /* A town seen from afar has many points in little room. */
  const radius = () => (state.map.getZoom() < 14 ? 3 : state.map.getZoom() < 16 ? 4 : 5);

  const vector = (layer, opacity) => {
    const pane = paneOf(layer.id);
    state.map.getPane(pane).style.opacity = opacity;
    const made = window.L.geoJSON(null, {
      pane, interactive: true,
      style: (feature) => ({ className: `overlay-shape${feature.geometry.type.includes("Polygon") ? " is-area" : ""}`, weight: 2 }),
      pointToLayer: (_feature, at) => window.L.circleMarker(at, { pane, radius: radius(), className: "overlay-shape is-point" }),
      onEachFeature: (feature, shape) => {
        /* Areas let the pointer through: the cells below stay what is pressed. */
        if (feature.geometry.type.includes("Polygon")) shape.options.interactive = false;
        else if (feature.properties.label) shape.bindTooltip(() => { const box = document.createElement("div"); box.textContent = feature.properties.label; return box; }, { sticky: true, className: "map-tip" });
      },
    });
    let under_way = null, waiting = 0;
    const load = async () => {
      under_way?.abort();
      under_way = new AbortController();
      const box = state.map.getBounds().pad(0.15);
      const bbox = [box.getWest(), box.getSouth(), box.getEast(), box.getNorth()].map((n) => n.toFixed(5)).join(",");
      try {
        const answer = await fetch(`/layers/${layer.id}/features.geojson?bbox=${bbox}`, { signal: under_way.signal });
        const found = await answer.json();
        if (!answer.ok) return note(layer.id, found.detail || words().away);
        made.clearLayers();
        made.addData(found);
        const left = (found.numberMatched ?? found.numberReturned) - found.numberReturned;
        note(layer.id, left > 0 ? words().more.replace("{n}", left.toLocaleString("en-US")) : found.more ? words().some : "");
      } catch (error) { if (error.name !== "AbortError") note(layer.id, words().away); }
    };
    const moved = () => { clearTimeout(waiting); waiting = setTimeout(() => { if (state.map) load(); }, PAUSE_MS); };
    load();
    return { leaflet: made, opacity: (share) => { if (state.map) state.map.getPane(pane).style.opacity = share; }, moved, again: moved, end: () => { clearTimeout(waiting); under_way?.abort(); } };
  };

  /* A screen that stands for weeks draws anew what is good no longer. */
  const renew = () => {
    for (const [id, each] of state.drawn) {
      if (Date.now() - each.at < Math.max(state.known.get(id).keep, RENEW_S) * 1000) continue;
      each.at = Date.now();
      each.again();
    }
  };

  const undraw = (id) => {
    const each = state.drawn.get(id);
    each?.end?.();
    if (state.map && each) state.map.removeLayer(each.leaflet);
    state.drawn.delete(id);
    state.notes.delete(id);
    if (state.swipe === id) swipe(null);
  };

  const draw = () => {
    if (!state.map || !state.read) return;
    for (const id of [...state.drawn.keys()]) {
      const version = state.known.get(id)?.version;
      if (!state.chosen.some((each) => each.id === id) || version !== state.drawn.get(id).version) undraw(id);
    }
    for (const { id, opacity } of [...state.chosen].reverse()) {
      const layer = state.known.get(id);
      if (!layer) continue;
      if (!state.drawn.has(id)) {
        const made = { ...(layer.kind === "raster" ? raster : vector)(layer, opacity), version: layer.version, at: Date.now() };
        state.drawn.set(id, made);
        made.leaflet.addTo(state.map);
        if (layer.kind === "raster") far(layer);
      } else state.drawn.get(id).opacity(opacity);
      const pane = state.map.getPane(`layer-${id}`);
      pane.parentNode.append(pane); /* all lie at one height: the last is the topmost */
    }
    renew();
    credit();
    cut();
  };

  const credit = () => {
    const place = document.getElementById("layers-credit");
    if (!place) return;
    const said = state.chosen.map(({ id }) => state.known.get(id)?.attribution).filter(Boolean);
    place.textContent = [...new Set(said)].join(" · ");
  };

  /* The line that parts a layer from the map below it. */
  const cut = () => {
    const line = document.getElementById("layers-swipe");
    if (line) {
      line.hidden = state.swipe === null;
      line.style.left = `${state.share * 100}%`;
      line.setAttribute("aria-valuenow", Math.round(state.share * 100));
    }
    if (!state.map) return;
    for (const id of state.drawn.keys()) {
      const pane = state.map.getPane(`layer-${id}`);
      if (!pane) continue;
      if (id !== state.swipe) { pane.style.clipPath = ""; continue; }
      const size = state.map.getSize(), corner = state.map.containerPointToLayerPoint([0, 0]);
      const right = corner.x + size.x * state.share, bottom = corner.y + size.y;
      pane.style.clipPath = `polygon(${corner.x}px ${corner.y}px, ${right}px ${corner.y}px, ${right}px ${bottom}px, ${corner.x}px ${bottom}px)`;
    }
  };
  const swipe = (id) => { state.swipe = id; cut(); tell(); };
  const part = (share) => { state.share = Math.min(Math.max(share, 0), 1); cut(); };

  const changed = () => { write(); draw(); tell(); };
  const layers = {
    state,
    turn: (id, on) => { state.chosen = on ? [{ id, opacity: FULL }, ...state.chosen.filter((each) => each.id !== id)].slice(0, MOST_CHOSEN) : state.chosen.filter((each) => each.id !== id); changed(); },
    dim: (id, opacity, done) => { for (const each of state.chosen) if (each.id === id) each.opacity = opacity; state.drawn.get(id)?.opacity(opacity); if (done) write(); },
    move: (id, step) => {
      const at = state.chosen.findIndex((each) => each.id === id), to = at + step;
      if (at < 0 || to < 0 || to >= state.chosen.length) return;
      const [moved] = state.chosen.splice(at, 1);
      state.chosen.splice(to, 0, moved);
      changed();
    },
    look: (id) => {
      const [west, south, east, north] = state.known.get(id)?.bounds || [];
      if (west !== undefined) state.map?.fitBounds([[south, west], [north, east]], { animate: false });
    },
    swipe, part,
    read: async () => {
      try {
        const answer = await fetch("/layers");
        if (!answer.ok) throw new Error(answer.status);
        state.known = new Map((await answer.json()).layers.map((each) => [each.id, each]));
        Object.assign(state, { read: true, away: false });
      } catch { state.away = true; }
      draw();
      tell();
    },
  };
  window.gridhall.layers = layers;

  document.addEventListener("gridhall-map", ({ detail: map }) => {
    state.map = map;
    state.drawn.clear();
    state.notes.clear();
    state.swipe = null;
    map.on("move zoomend resize", cut);
    map.on("moveend", () => { for (const each of state.drawn.values()) each.moved(); });
    map.on("unload", () => {
      if (state.map !== map) return;
      for (const each of state.drawn.values()) each.end?.();
      state.drawn.clear();
      state.map = null;
    });
    state.chosen = parse(location.search);
    if (state.chosen.length) layers.read(); else cut();
  });

  const wanted = () => state.map && !document.hidden && (state.chosen.length || !document.getElementById("layers-panel")?.hidden);
  setInterval(() => { if (wanted()) layers.read(); }, AGAIN_MS);

  /* The address changed by a link or by "back". */
  window.dash_clientside.layers = {
    arrive: (search) => {
      if (location.pathname !== "/") return;
      const before = text(), found = parse(search ? location.search : "");
      state.chosen = found;
      if (text() === before) return;
      if (found.length && !state.read) layers.read(); else { draw(); tell(); }
    },
  };
})();
