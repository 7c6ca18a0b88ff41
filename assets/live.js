/* The doorbell. The stream tells versions; pages read again what they show. It is opened anew for ever. */
window.gridhall = window.gridhall || {};
window.dash_clientside = window.dash_clientside || {};
(() => {
  const BEAT_MS = 15_000, SILENT_MS = 45_000, LOOK_MS = 1_000, AGAIN_MS = 2_000, SAID_AFTER_MS = 3_000;
  let stream = null, heard = Date.now(), opened = 0, lost = 0, newest = null;

  const frame = () => document.getElementById("frame");
  const ready = () => frame() && window.dash_clientside.set_props;
  const minute = () => String(Math.floor(Date.now() / 30_000));

  const tell = (versions) => {
    newest = versions;
    if (!ready()) return;
    if (versions.build && frame().dataset.build && versions.build !== frame().dataset.build) return reload();
    window.dash_clientside.set_props("live", { data: { ...versions, at: minute() } });
  };

  /* A new version of the server: take its pages as soon as it answers. */
  const reload = () => {
    fetch("/healthz", { cache: "no-store" }).then((answer) => { if (answer.ok) location.reload(); }, () => {});
  };

  const alive = () => {
    heard = Date.now();
    if (lost) { lost = 0; show(false); if (newest) tell(newest); }
  };

  const show = (yes) => {
    const banner = document.getElementById("frame-lost");
    if (banner && banner.hidden === yes) banner.hidden = !yes;
  };

  const open = () => {
    opened = Date.now();
    stream?.close();
    stream = new EventSource("/live");
    stream.addEventListener("versions", (event) => { tell(JSON.parse(event.data)); alive(); });
    stream.addEventListener("beat", () => {
      alive();
      if (newest) tell(newest);
    });
    stream.addEventListener("error", () => { lost = lost || Date.now(); });
  };

  /* The watchdog: a closed stream, or one that has been silent for three beats, is opened again. */
  setInterval(() => {
    const now = Date.now();
    const silent = now - heard > SILENT_MS;
    if (silent) lost = lost || now;
    if ((stream.readyState === 2 || silent) && now - opened > AGAIN_MS) open();
    if (lost && now - lost > SAID_AFTER_MS) show(true);
  }, LOOK_MS);

  open();

  /* What makes figures worth reading again: their version, and the minute (feeds grow old, days begin). */
  window.dash_clientside.live = {
    figures: (live) => {
      const seen = `${live?.counts ?? ""}|${Math.floor((live?.at ?? 0) / 2)}`;
      if (seen === window.gridhall.seen) return window.dash_clientside.no_update;
      window.gridhall.seen = seen;
      return seen;
    },
    work: (live) => live?.work ?? window.dash_clientside.no_update,
  };
})();
