/* Cameras. Each tile that is seen shows a picture every two seconds, one request at a time; one tile at a time is live.
   Pictures and streams come below a signed address that is asked for (/video/sign/<camera>) and renewed before it ends. */
window.gridhall = window.gridhall || {};
(() => {
  const settings = { every: 2_000, patience: 8_000, connect: 15_000, stuck: 8_000, longest: 30_000, offline: 30_000 };
  const STALE = 3, DOWN = 10, WIDE_PX = 660, EARLY_MS = 60_000, AGAIN_MS = 700, RESTARTS = 3;
  const tiles = new Map();
  let live = null;

  const make = (tag, name) => Object.assign(document.createElement(tag), { className: name });
  const clock = () => performance.now();
  const pause = (ms) => new Promise((done) => { setTimeout(done, ms); });
  const write = (place, text) => { if (place && place.textContent !== text) place.textContent = text; };
  const part = (tile, name) => tile.element.querySelector(name);
  const seconds = (answer, name) => {
    const value = Number(answer.headers.get(name));
    return Number.isFinite(value) && value > 0 ? value : Date.parse(answer.headers.get(name)) / 1000;
  };

  /* Asking ------------------------------------------------------------------ */
  class No extends Error {
    constructor(answer, why) { super(why); this.wait = Number(answer.headers.get("Retry-After")) * 1000 || 0; this.status = answer.status; }
  }
  const refusal = async (answer) => new No(answer, (await answer.json().catch(() => ({}))).detail || "");

  const get = async (tile, address) => {
    const stop = new AbortController();
    tile.stops.add(stop);
    const limit = setTimeout(() => stop.abort(), settings.patience);
    try { return await fetch(address, { cache: "no-store", signal: stop.signal, priority: "low" }); }
    finally { clearTimeout(limit); tile.stops.delete(stop); }
  };

  const sign = async (tile, left = EARLY_MS) => {
    if (tile.at && tile.ends - clock() > left) return;
    const answer = await get(tile, `/video/sign/${tile.camera}`);
    if (!answer.ok) throw await refusal(answer);
    const { at, until } = await answer.json();
    const now = Date.parse(answer.headers.get("Date")) / 1000 || Date.now() / 1000;
    Object.assign(tile, { at, ends: clock() + (until - now) * 1000 });
  };

  /* Below the signed address; one that has ended is asked for anew, once. */
  const below = async (tile, path) => {
    await sign(tile);
    let answer = await get(tile, `${tile.at}/${path}`);
    if (answer.status === 410) {
      tile.at = "";
      await sign(tile);
      answer = await get(tile, `${tile.at}/${path}`);
    }
    if (!answer.ok) throw await refusal(answer);
    return answer;
  };

  /* Pictures ------------------------------------------------------------------ */
  const wanted = (tile) => tile.visible && !document.hidden && tile.element.isConnected && live !== tile;

  const wake = (tile, wait = 0) => {
    clearTimeout(tile.timer);
    tile.timer = 0;
    if (wanted(tile) && !tile.busy) tile.timer = setTimeout(look, wait, tile);
  };

  const look = async (tile) => {
    if (!wanted(tile) || tile.busy) return;
    tile.busy = true;
    const camera = tile.camera, started = clock();
    let wait = settings.every;
    try {
      const wide = tile.element.clientWidth > WIDE_PX ? "&wide=1" : "";
      const answer = await below(tile, `picture.jpg?v=${Date.now().toString(36)}${wide}`);
      const taken = seconds(answer, "X-Taken-At") || seconds(answer, "Last-Modified") || Date.now() / 1000;
      const now = seconds(answer, "Date") || Date.now() / 1000;
      await show(tile, await answer.blob(), camera);
      Object.assign(tile, { shown: tile.shown + 1, failures: 0, taken, seen: clock() - Math.max(now - taken, 0) * 1000 });
      wait = Math.max(settings.every - (clock() - started), settings.every / 4);
    } catch (problem) {
      tile.failures += 1;
      tile.refused = problem.status === 404;
      const least = tile.element.dataset.online === "no" || tile.refused ? settings.offline : 0;
      wait = Math.min(Math.max(settings.every * 2 ** tile.failures, problem.wait || 0, least), settings.longest);
    }
    tile.busy = false;
    draw(tile);
    wake(tile, tile.camera === camera ? wait : 0);
  };

  const show = async (tile, blob, camera) => {
    const address = URL.createObjectURL(blob);
    try {
      const image = part(tile, ".gh-cam-view > img") || make("img", "");
      image.alt = "";
      await new Promise((done, failed) => { image.onload = done; image.onerror = failed; image.src = address; });
      image.onload = image.onerror = null;
      if (tile.camera === camera && !image.isConnected) part(tile, ".gh-cam-view").prepend(image);
    } finally { URL.revokeObjectURL(address); }
  };

  /* What a tile says ------------------------------------------------------------ */
  const wordsOf = (tile) => {
    const box = tile.element.closest(".gh-cams");
    if (box && tile.said !== box.dataset.words) {
      tile.said = box.dataset.words;
      tile.words = JSON.parse(tile.said);
      tile.format = new Intl.DateTimeFormat("en-GB", { timeZone: box.dataset.zone, hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
    }
    return tile.words || {};
  };

  const stateOf = (tile) => {
    if (live === tile && tile.playing) return "live";
    if (!tile.taken) return tile.failures ? "down" : "waiting";
    const missed = (clock() - tile.seen) / settings.every;
    return missed >= DOWN ? "down" : missed >= STALE && tile.failures + (missed > DOWN / 2) ? "stale" : "live";
  };

  const draw = (tile) => {
    const words = wordsOf(tile), state = stateOf(tile), box = tile.element;
    const at = tile.taken ? tile.format.format(tile.playing ? Date.now() : tile.taken * 1000) : "";
    const gone = Math.floor((clock() - tile.seen) / 1000);
    const nothing = box.dataset.online === "no" ? words.offline : words.none;
    const away = !at ? words.down : gone < 60 ? words.seconds?.replace("{n}", gone) : words.minutes?.replace("{n}", Math.floor(gone / 60));
    if (box.dataset.state !== state) box.dataset.state = state;
    const line = { live: `${at} · ${words.live}`, stale: `${at} · ${words.stale}`, down: away, waiting: words.waiting }[state];
    write(part(tile, ".gh-cam-state"), line || "");
    write(part(tile, ".gh-cam-over"), state === "down" ? (at ? words.last?.replace("{clock}", at) : nothing) : "");
    write(part(tile, ".gh-cam-badge"), live === tile ? (tile.playing ? words.playing : words.starting) : tile.note || "");
  };

  /* Live ------------------------------------------------------------------------- */
  const unmount = (video) => {
    if (!video) return;
    video.hls?.destroy();
    video.hls = null;
    video.pause();
    video.removeAttribute("src");
    video.load();
    video.remove();
  };

  const start = (tile) => {
    if (live === tile) return;
    stop();
    live = tile;
    Object.assign(tile, { restarts: 0, note: "", why: "", playing: false });
    tile.element.dataset.live = "yes";
    part(tile, ".gh-cam-open").setAttribute("aria-pressed", "true");
    clearTimeout(tile.timer);
    play(tile);
    draw(tile);
  };

  const stop = () => {
    const tile = live;
    if (!tile) return;
    live = null;
    tile.turn = null;
    tile.playing = false;
    delete tile.element.dataset.live;
    part(tile, ".gh-cam-open")?.setAttribute("aria-pressed", "false");
    tile.element.querySelectorAll("video").forEach(unmount);
    draw(tile);
    wake(tile);
  };

  const failed = (tile) => {
    if (live !== tile) return;
    const words = wordsOf(tile);
    stop();
    tile.note = tile.why || words.failed;
    draw(tile);
    setTimeout(() => { tile.note = ""; draw(tile); }, 6_000);
  };

  /* A new stream takes the place of the old one when it plays, so that a renewed address is not seen. */
  const play = async (tile) => {
    const turn = {}, ends = clock() + settings.connect;
    tile.turn = turn;
    const mine = () => live === tile && tile.turn === turn;
    let video = null;
    try {
      await sign(tile, 3 * EARLY_MS);
      await answers(tile, ends, mine);
      if (!mine()) return;
      video = make("video", "");
      Object.assign(video, { muted: true, autoplay: true, playsInline: true, disablePictureInPicture: true });
      part(tile, ".gh-cam-view").append(video);
      await attach(video, `${tile.at}/index.m3u8`);
      await moving(video, ends);
      if (!mine()) return unmount(video);
      tile.element.querySelectorAll("video").forEach((other) => { if (other !== video) unmount(other); });
      Object.assign(tile, { playing: true, moved: clock(), place: -1 });
      tile.taken = tile.taken || Date.now() / 1000;
      video.classList.add("is-playing");
      draw(tile);
    } catch (problem) {
      unmount(video);
      if (!mine()) return;
      tile.why = problem.status ? problem.message : "";
      if (problem.status === 404) failed(tile);
      else again(tile);
    }
  };

  /* The relay of a camera is started when it is first asked for: until then the server says when to ask again. */
  const answers = async (tile, ends, mine) => {
    while (mine()) {
      try { (await below(tile, "index.m3u8")).body?.cancel(); return; }
      catch (problem) {
        if (problem.status === 404 || clock() > ends) throw problem;
        await pause(Math.min(Math.max(problem.wait || 0, AGAIN_MS), 2_000));
      }
    }
  };

  let library = null;
  const hls = () => (library ||= new Promise((done, no) => {
    const script = document.createElement("script");
    script.src = "/assets/vendor/hls.js";
    script.onload = () => done(window.Hls);
    script.onerror = () => { library = null; script.remove(); no(new Error("hls.js")); };
    document.head.append(script);
  }));

  const attach = async (video, address) => {
    if (video.canPlayType("application/vnd.apple.mpegurl")) { video.src = address; return; }
    const Hls = await hls();
    video.hls = new Hls({ enableWorker: false, backBufferLength: 10 });
    video.hls.loadSource(address);
    video.hls.attachMedia(video);
  };

  const moving = (video, ends) => new Promise((done, no) => {
    const limit = setTimeout(() => no(new Error("late")), Math.max(ends - clock(), AGAIN_MS));
    const end = (what) => () => { clearTimeout(limit); what(); };
    video.addEventListener("timeupdate", () => { if (video.currentTime > 0) end(done)(); });
    video.addEventListener("error", end(no), { once: true });
    video.play().catch(() => {});
  });

  const again = (tile) => {
    tile.restarts += 1;
    if (tile.restarts > RESTARTS) failed(tile);
    else pause(AGAIN_MS).then(() => { if (live === tile) play(tile); });
  };

  const watch = (tile) => {
    const video = part(tile, "video.is-playing");
    if (!tile.playing || !video) return;
    if (video.currentTime !== tile.place) Object.assign(tile, { place: video.currentTime, moved: clock() });
    else if (clock() - tile.moved > settings.stuck) { tile.playing = false; again(tile); }
    if (tile.ends - clock() < EARLY_MS && tile.playing) { tile.ends = 0; play(tile); }
  };

  /* Which tiles there are, and which are seen ---------------------------------------- */
  const seen = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      const tile = tiles.get(target);
      if (!tile) continue;
      tile.visible = isIntersecting;
      if (!isIntersecting) tile.stops.forEach((each) => each.abort());
      wake(tile);
    }
  }, { rootMargin: "40px" });

  const meet = (element) => {
    const tile = tiles.get(element);
    if (tile && tile.camera === element.dataset.camera) return;
    if (tile) leave(element, tile);
    const made = { element, camera: element.dataset.camera, visible: false, timer: 0, busy: false, stops: new Set(), failures: 0,
      shown: 0, taken: 0, seen: clock(), at: "", ends: 0, note: "" };
    tiles.set(element, made);
    seen.observe(element);
    draw(made);
  };

  const leave = (element, tile) => {
    if (live === tile) stop();
    clearTimeout(tile.timer);
    tile.visible = false;
    tile.stops.forEach((each) => each.abort());
    seen.unobserve(element);
    tiles.delete(element);
    element.querySelectorAll(".gh-cam-view > *").forEach((each) => each.remove());
  };

  let due = 0;
  const sweep = () => {
    due = 0;
    for (const [element, tile] of tiles) if (!element.isConnected) leave(element, tile);
    document.querySelectorAll(".gh-cam[data-camera]").forEach(meet);
  };
  new MutationObserver(() => { due ||= setTimeout(sweep, 30); })
    .observe(document.documentElement, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-camera"] });
  setInterval(() => { if (!document.hidden) for (const tile of tiles.values()) { draw(tile); if (live === tile) watch(tile); } }, 1_000);
  document.addEventListener("visibilitychange", () => { if (document.hidden) stop(); for (const tile of tiles.values()) wake(tile); });

  /* Hands --------------------------------------------------------------------------- */
  const tileOf = (target) => tiles.get(target?.closest?.(".gh-cam"));

  document.addEventListener("click", ({ target }) => {
    const tile = tileOf(target);
    if (!tile) return;
    if (target.matches(".gh-cam-open")) { target.focus(); if (live === tile) stop(); else start(tile); }
    if (target.matches(".gh-cam-full")) {
      if (document.fullscreenElement) document.exitFullscreen();
      else part(tile, ".gh-cam-frame").requestFullscreen?.().catch(() => {});
    }
  });

  document.addEventListener("focusout", ({ target, relatedTarget }) => {
    if (live && tileOf(target) === live && document.hasFocus() && !live.element.contains(relatedTarget)) stop();
  });

  /* Arrows go from tile to tile; Escape ends what is live. */
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !document.fullscreenElement) {
      if (live) { stop(); event.stopPropagation(); }
      else if (document.querySelector("#overview-near > *")) window.gridhall.address.go({ near: "" });
      return;
    }
    const open = event.target.closest?.(".gh-cams .gh-cam-open");
    if (!open) return;
    const all = [...open.closest(".gh-cams").querySelectorAll(".gh-cam-open")];
    const top = (each) => Math.round(each.getBoundingClientRect().top);
    const across = all.filter((each) => top(each) === top(all[0])).length || 1;
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: across, ArrowUp: -across }[event.key];
    const next = step && all[all.indexOf(open) + step];
    if (!step) return;
    event.preventDefault();
    next?.focus();
  }, true);

  window.gridhall.video = { settings, tiles };
})();
