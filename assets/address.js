/* The address holds the filters. go() changes some of them and keeps the rest; every change is a step of "back". */
window.gridhall = window.gridhall || {};
window.dash_clientside = window.dash_clientside || {};
(() => {
  const DEFAULTS = { period: "7d", measure: "reported" };

  /* changes: {name: value | [values]}; an empty value leaves the name out. */
  const go = (changes, path) => {
    const query = new URLSearchParams(path ? "" : location.search);
    for (const [name, value] of Object.entries(changes)) {
      query.delete(name);
      for (const each of [value].flat()) if (each && DEFAULTS[name] !== each) query.append(name, each);
    }
    const text = query.toString();
    open((path || location.pathname) + (text ? `?${text}` : ""));
  };

  const open = (address) => {
    if (address === location.pathname + location.search) return;
    history.pushState({}, "", address);
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
  };

  /* Any element with data-set="name=value&name=" changes the address when it is pressed. */
  document.addEventListener("click", (event) => {
    const pressed = event.target.closest?.("[data-set]");
    if (pressed) go(Object.fromEntries(new URLSearchParams(pressed.dataset.set)));
  });

  /* The ways between pages are links that need no loading anew; with a modifier key they are the browser's. */
  document.addEventListener("click", (event) => {
    const way = event.target.closest?.("a.way");
    if (!way || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    open(new URL(way.href).pathname);
  });

  /* The search opens the list without loading the page anew. */
  document.addEventListener("submit", (event) => {
    const form = event.target.closest?.("form[role=search]");
    if (!form) return;
    event.preventDefault();
    const text = form.querySelector("input[name=q]").value.trim();
    if (text) go({ q: text, period: form.dataset.period }, new URL(form.action).pathname);
  });

  window.gridhall.address = { go, open };
  window.dash_clientside.address = { title: (title) => { if (title) document.title = title; } };
})();
