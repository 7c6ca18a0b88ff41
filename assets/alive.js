/* Someone is there: a key or a pointer, told now and then, keeps the session alive; nothing that runs by itself does.
   A session that has ended leads to sign-in, and from there back here. */
(() => {
  const TELL_MS = 60_000, LOOK_MS = 20_000;
  let told = Date.now(), touched = 0;

  const judge = (answer) => {
    if (answer.status === 401) location.assign(`/login?next=${encodeURIComponent(location.pathname + location.search)}`);
  };
  const tell = () => {
    told = Date.now();
    touched = 0;
    fetch("/session/alive", { method: "POST" }).then(judge, () => {});
  };
  const touch = () => {
    touched = Date.now();
    if (touched - told > TELL_MS) tell();
  };

  for (const name of ["keydown", "pointerdown", "pointermove", "wheel"]) addEventListener(name, touch, { passive: true });
  setInterval(() => {
    if (touched && Date.now() - told > TELL_MS) tell();
    else fetch("/session", { cache: "no-store" }).then(judge, () => {});
  }, LOOK_MS);
})();
