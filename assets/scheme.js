/* Light or dark: set before the first paint, remembered on this machine. The key is Mantine's, so that it agrees. */
(() => {
  const KEY = "mantine-color-scheme-value";
  const root = document.documentElement;
  const known = () => {
    try { return localStorage.getItem(KEY) === "dark" ? "dark" : "light"; } catch { return "light"; }
  };
  /* The server draws the first tiles: it is told too. */
  const note = () => { document.cookie = `gridhall-scheme=${root.dataset.mantineColorScheme}; path=/; max-age=31536000; SameSite=Lax`; };
  const tell = () => {
    if (document.getElementById("frame") && window.dash_clientside?.set_props) {
      window.dash_clientside.set_props("frame-scheme", { data: root.dataset.mantineColorScheme });
    } else setTimeout(tell, 50);
  };
  root.dataset.mantineColorScheme = known();
  note();
  tell();
  document.addEventListener("click", (event) => {
    if (!event.target.closest?.("#frame-scheme-switch")) return;
    const next = root.dataset.mantineColorScheme === "dark" ? "light" : "dark";
    try { localStorage.setItem(KEY, next); } catch { /* a browser that remembers nothing still switches */ }
    root.dataset.mantineColorScheme = next;
    note();
    tell();
  });
})();
