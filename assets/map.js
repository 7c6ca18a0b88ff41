/* The map in the browser: shapes come once, colours are a fetch of /values, and only the cells that differ are painted. */
window.gridhall = window.gridhall || {};
window.dash_clientside = window.dash_clientside || {};
(() => {
  const state = { cells: new Map(), features: new Map(), values: null, by: new Map(), words: null, area: "", map: null, heat: false };
  const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  /* The step of the ramp of a class: few classes still use all of it (components/legend.py says the same). */
  const shade = (index, classes) => 1 + (classes > 1 ? Math.round((index * 5) / (classes - 1)) : 0);
  const shadeOf = (value, breaks) => {
    let index = 0;
    while (index + 1 < breaks.length && breaks[index + 1] <= value) index += 1;
    return shade(index, breaks.length);
  };

  let colours = {};
  const readColours = () => {
    colours = { ramp: [1, 2, 3, 4, 5, 6].map((i) => css(`--gh-ramp-${i}`)), line: css("--gh-map-contour"), outline: css("--gh-map-outline"), };
  };

  const lookOf = (code) => {
    if (!colours.ramp) readColours();
    const base = { color: colours.line, weight: 1, opacity: 1, fillOpacity: 0.94, className: "cell" };
    if (state.heat) return { ...base, opacity: 0, fillColor: "#000", fillOpacity: 0 };
    const at = state.by.get(code);
    if (at === undefined) return { ...base, opacity: 0, fillOpacity: 0 };
    const value = state.values.values[at];
    if (value === null) return { ...base, fillColor: "url(#gh-hatch)", fillOpacity: 1 };
    return { ...base, fillColor: colours.ramp[shadeOf(value, state.values.breaks) - 1] };
  };

  const said = (code, name) => {
    const at = state.by.get(code);
    const box = document.createElement("div");
    const line = (tag, text) => { const e = document.createElement(tag); e.textContent = text; box.append(e); };
    line("strong", name);
    if (at !== undefined && state.words) {
      const about = state.words.measures[state.values.measure];
      const value = state.values.values[at];
      const gap = about.unit === "%" ? "" : " ";
      line("span", value === null ? state.words.none : `${about.label} ${value.toLocaleString("en-US", { minimumFractionDigits: about.digits, maximumFractionDigits: about.digits })}${gap}${about.unit}`);
      if (value !== null && about.unit === "%" || about.digits) line("em", state.words.cases.replace("{n}", state.values.rows[at].toLocaleString("en-US")));
    }
    return box;
  };

  /* A click also asks for the cameras that see its point: near=longitude,latitude, a metre apart. */
  const pointOf = (event) => (event?.latlng ? `${event.latlng.lng.toFixed(5)},${event.latlng.lat.toFixed(5)}` : "");
  const press = (code, near = "") => {
    const go = window.gridhall.address.go;
    if (code === state.area) return go({ area: "", near: "" });
    const layers = [...document.querySelectorAll("#overview-layer input")].map((input) => input.value);
    const coarse = state.values && layers.length > 2 && state.values.level !== layers[0] && !state.heat;
    go(coarse ? { area: code, level: "", near } : { area: code, near });
  };

  const each = (feature, layer, context) => {
    const { code, name } = feature.properties;
    if (feature.id === 1) state.cells.clear();
    state.cells.set(code, layer);
    if (context?.map) meet(context.map);
    layer.bindTooltip(() => said(code, name), { sticky: true, direction: "top", offset: [0, -8], className: "map-tip" });
    layer.on("click", (event) => { window.L.DomEvent.stopPropagation(event); press(code, pointOf(event)); });
    layer.on("add", () => dress(layer, code, name));
  };

  /* Cells can be reached by keyboard: one stop for all, arrows go to the neighbour, Enter opens. */
  const dress = (layer, code, name) => {
    const path = layer.getElement?.();
    if (!path) return;
    path.setAttribute("role", "button");
    path.setAttribute("tabindex", state.cells.values().next().value === layer ? "0" : "-1");
    path.setAttribute("aria-label", name);
    path.dataset.code = code;
  };

  const STEPS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };
  const neighbour = (code, [dx, dy]) => {
    const here = state.map.latLngToLayerPoint(state.cells.get(code).getBounds().getCenter());
    let best = null, least = Infinity;
    for (const [other, layer] of state.cells) {
      const there = state.map.latLngToLayerPoint(layer.getBounds().getCenter());
      const along = (there.x - here.x) * dx + (there.y - here.y) * dy;
      const across = Math.abs((there.x - here.x) * dy) + Math.abs((there.y - here.y) * dx);
      if (other !== code && along > 1 && along >= across && along + 2 * across < least) { best = other; least = along + 2 * across; }
    }
    return best;
  };

  document.addEventListener("keydown", (event) => {
    const path = event.target.closest?.("path.cell[data-code]");
    if (!path) return;
    const code = path.dataset.code;
    if (event.key === "Enter" || event.key === " ") { event.preventDefault(); return press(code); }
    if (!STEPS[event.key]) return;
    event.preventDefault();
    event.stopPropagation();
    const next = neighbour(code, STEPS[event.key]);
    if (!next) return;
    path.setAttribute("tabindex", "-1");
    const there = state.cells.get(next);
    there.getElement().setAttribute("tabindex", "0");
    there.getElement().focus({ preventScroll: true });
    state.cells.get(code).closeTooltip();
    there.openTooltip(there.getBounds().getCenter());
  }, true);

  /* Every feature that comes by is kept by its code, for the outline of the chosen one. */
  const kept = (feature) => {
    const code = feature.properties.code;
    if (!state.features.has(code) && code === state.area) setTimeout(() => { chosen(); lookAt(); }, 0);
    state.features.set(code, feature);
    return true;
  };

  const meet = (map) => {
    if (state.map === map) return;
    state.map = map;
    state.shown = undefined;
    hatch(map);
    map.on("zoomend moveend resize", names);
    const sized = new ResizeObserver(() => { map.invalidateSize(); });
    sized.observe(map.getContainer());
    map.on("zoomend", () => { if (state.heat) radius(); });
    map.on("click", (event) => window.gridhall.address.go({ near: pointOf(event) }));
    map.on("unload", () => { sized.disconnect(); if (state.map === map) state.map = null; });
    state.fitted = state.area;
    setTimeout(names, 0);
    document.dispatchEvent(new CustomEvent("gridhall-map", { detail: map }));
  };

  const SVG = "http://www.w3.org/2000/svg";
  const hatch = (map) => {
    if (document.getElementById("gh-hatch")) return;
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("class", "hatch-source");
    svg.setAttribute("aria-hidden", "true");
    svg.innerHTML = '<defs><pattern id="gh-hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
      + '<rect class="hatch-ground" width="6" height="6"/><rect class="hatch-line" width="2" height="6"/></pattern></defs>';
    document.body.append(svg);
  };

  /* The radius of the heat on the ground grows as the map is zoomed out; the server knows it. */
  const radius = async () => {
    const unit = document.getElementById("overview-radius");
    if (!unit || !state.map) return;
    const query = new URLSearchParams(location.search);
    query.delete("area");
    query.set("z", Math.round(state.map.getZoom()));
    try {
      const info = await (await fetch(`/tiles/heat/info?${query}`)).json();
      unit.textContent = info.radius_m ? unit.dataset.words.replace("{n}", info.radius_m.toLocaleString("en-US")) : "";
    } catch { unit.textContent = ""; }
  };

  /* Names give way to larger areas where they would touch. */
  const names = () => {
    const labels = [...document.querySelectorAll(".map-name > span")].sort((a, b) => b.dataset.size - a.dataset.size);
    const taken = [];
    for (const label of labels) {
      const box = label.getBoundingClientRect();
      const free = taken.every((t) => box.right + 4 < t.left || box.left > t.right + 4 || box.bottom + 2 < t.top || box.top > t.bottom + 2);
      label.classList.toggle("is-away", !free);
      if (free) taken.push(box);
    }
  };

  const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

  /* A community is flown to when it is opened, the whole when it is left; a grid that can be seen stays where it is. */
  const lookAt = () => {
    if (!state.map || state.fitted === state.area) return;
    state.fitted = state.area;
    const feature = state.features.get(state.area);
    const bounds = window.L.geoJSON(feature ? feature : { type: "FeatureCollection", features: [...state.features.values()] }).getBounds();
    if (!bounds.isValid()) return;
    const leaf = state.cells.has(state.area) && state.values?.level && state.features.size > state.cells.size;
    const size = state.map.getBoundsZoom(bounds) - state.map.getZoom();
    if (feature && leaf && state.map.getBounds().contains(bounds) && size < 3.5) return;
    const options = { padding: [32, 48], maxZoom: leaf ? 16 : 17, duration: 0.8 };
    if (calm()) state.map.fitBounds(bounds, { ...options, animate: false });
    else state.map.flyToBounds(bounds, options);
  };

  window.gridhall.map = {
    each, kept,
    style: (feature) => lookOf(feature.properties.code),
    border: (feature) => { kept(feature); return { fill: false, weight: 1.4, className: "map-border" }; },
    outline: (feature) => { kept(feature); return { fill: false, weight: 2, className: "map-outline" }; },
    chosen: () => ({ fill: false, weight: 3.5, className: "map-chosen" }),
    state,
  };

  const chosen = () => {
    const feature = state.features.get(state.area);
    const features = feature ? [feature] : [];
    if (state.shown === features[0]) return;
    state.shown = features[0];
    window.dash_clientside.set_props("overview-chosen", { data: { type: "FeatureCollection", features } });
  };

  window.dash_clientside.overview = {
    values: async (search) => {
      const query = new URLSearchParams(search || "");
      try {
        const answer = await fetch(`/values?${query}`);
        return answer.ok ? await answer.json() : window.dash_clientside.no_update;
      } catch { return window.dash_clientside.no_update; /* the doorbell asks again */ }
    },

    paint: (values, scheme, search, words) => {
      if (!values) return window.dash_clientside.no_update;
      const query = new URLSearchParams(search || "");
      state.level = state.level || words.level;
      Object.assign(state, { values, words, area: query.get("area") || "", heat: query.get("layer") === "heat" });
      state.by = new Map(values.codes.map((code, at) => [code, at]));
      readColours();
      if (state.level !== values.level) {
        state.level = values.level;
        window.dash_clientside.set_props("overview-cells", { url: `/geometry/${values.level}` });
      }
      for (const [code, layer] of state.cells) {
        const look = lookOf(code), now = layer.options;
        if (Object.keys(look).some((key) => now[key] !== look[key])) layer.setStyle(look);
      }
      chosen();
      lookAt();
      return true;
    },

    radius: () => { radius(); },

    /* What is chosen apart from how the map shows it: what shows only that need not be asked for again. */
    choice: (search, known) => {
      const chosen = (text) => {
        const query = new URLSearchParams(text || "");
        for (const name of ["measure", "level", "layer", "layers", "near"]) query.delete(name);
        return query.toString();
      };
      return chosen(search) === chosen(known) ? window.dash_clientside.no_update : `?${chosen(search)}`;
    },

    tiles: (scheme) => [`/tiles/base/${scheme}/{z}/{x}/{y}{r}.png`, `/tiles/over/${scheme}/{z}/{x}/{y}{r}.png`],

    openPoint: (clicked) => {
      const address = clicked?.points?.[0]?.customdata;
      if (address) window.gridhall.address.open(address);
    },
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-zoom]");
    if (!button || !state.map) return;
    if (button.dataset.zoom === "in") state.map.zoomIn(0.5);
    else if (button.dataset.zoom === "out") state.map.zoomOut(0.5);
    else { state.fitted = null; const area = state.area; state.area = ""; lookAt(); state.area = area; state.fitted = area; }
  });
})();
