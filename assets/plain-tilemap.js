// A small map: pictures of /tiles/base/ that are dragged under a pin which stands still. Degrees, Web Mercator.
"use strict";
window.tileMap = (box, moved) => {
  const SIDE = 256, LEAST = 11, MOST = 18;
  const theme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  const sharp = devicePixelRatio > 1 ? "@2x" : "";
  const shown = new Map();
  let zoom = Number(box.dataset.zoom), x = 0, y = 0, live = false, from = null;
  const world = () => SIDE * 2 ** zoom;
  const set = (longitude, latitude) => {
    const sine = Math.sin((latitude * Math.PI) / 180);
    x = (longitude + 180) / 360;
    y = 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
    draw();
  };
  const get = () => ({
    longitude: x * 360 - 180,
    latitude: (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI,
  });
  const draw = () => {
    const left = x * world() - box.clientWidth / 2, top = y * world() - box.clientHeight / 2, wanted = new Set();
    for (let i = Math.floor(left / SIDE); i * SIDE < left + box.clientWidth; i++) {
      for (let j = Math.floor(top / SIDE); j * SIDE < top + box.clientHeight; j++) {
        const address = `/tiles/base/${theme}/${zoom}/${i}/${j}${sharp}.png`;
        if (i < 0 || j < 0 || i >= 2 ** zoom || j >= 2 ** zoom) continue;
        wanted.add(address);
        let tile = shown.get(address);
        if (!tile) {
          tile = new Image();
          tile.alt = "";
          tile.onerror = () => { tile.hidden = true; };
          tile.src = address;
          shown.set(address, tile);
          box.prepend(tile);
        }
        tile.style.transform = `translate(${Math.round(i * SIDE - left)}px, ${Math.round(j * SIDE - top)}px)`;
      }
    }
    for (const [address, tile] of shown) if (!wanted.has(address)) { tile.remove(); shown.delete(address); }
  };
  const by = (right, down) => {
    x = Math.min(1, Math.max(0, x + right / world()));
    y = Math.min(1, Math.max(0, y + down / world()));
    draw();
    moved();
  };
  const scale = (step) => { zoom = Math.min(MOST, Math.max(LEAST, zoom + step)); draw(); };
  box.addEventListener("pointerdown", (event) => {
    if (!live) return;
    from = event;
    box.setPointerCapture(event.pointerId);
  });
  box.addEventListener("pointermove", (event) => {
    if (!from) return;
    by(from.clientX - event.clientX, from.clientY - event.clientY);
    from = event;
  });
  for (const end of ["pointerup", "pointercancel"]) box.addEventListener(end, () => { from = null; });
  const KEYS = { ArrowLeft: [-40, 0], ArrowRight: [40, 0], ArrowUp: [0, -40], ArrowDown: [0, 40] };
  box.addEventListener("keydown", (event) => {
    if (!live || !KEYS[event.key]) return;
    event.preventDefault();
    by(...KEYS[event.key]);
  });
  new ResizeObserver(draw).observe(box);
  set(Number(box.dataset.longitude), Number(box.dataset.latitude));
  return { set, get, scale, live: (on) => { live = on; box.tabIndex = on ? 0 : -1; draw(); } };
};
