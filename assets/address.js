/* The address holds the filters. go() changes some of them and keeps the rest; every change is a step of "back". */
window.gridhall = window.gridhall || {};
window.dash_clientside = window.dash_clientside || {};
(() => {
  const DEFAULTS = { period: "7d", measure: "reported" };

  const ORDER = ["figure", "q", "period", "area", "kind", "category", "source", "measure", "level", "layer", "near"];
  const place = (name) => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length);

  /* One way to write a filter, so that the same view has one address. */
  const written = (query) => {
    const pairs = [...query].filter(([name, value]) => value && DEFAULTS[name] !== value);
    pairs.sort(([a, x], [b, y]) => place(a) - place(b) || (a < b ? -1 : a > b ? 1 : x < y ? -1 : x > y ? 1 : 0));
    const text = new URLSearchParams(pairs).toString();
    return text && `?${text}`;
  };

  /* changes: {name: value | [values]}; an empty value leaves the name out. */
  const go = (changes, path) => {
    const query = new URLSearchParams(path ? "" : location.search);
    for (const [name, value] of Object.entries(changes)) {
      query.delete(name);
      for (const each of [value].flat()) if (each) query.append(name, each);
    }
    const text = written(query);
    if (path || text !== written(new URLSearchParams(location.search))) open((path || location.pathname) + text);
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
    if (!way || way.dataset.plain || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
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

  /* A script that only one page needs is loaded once, before that page is asked for; tried again while it is wanted. */
  const loaded = new Map();
  const load = (address) => {
    if (!loaded.has(address)) {
      loaded.set(address, new Promise((done, failed) => {
        const script = document.createElement("script");
        script.src = address;
        script.onload = done;
        script.onerror = () => { loaded.delete(address); script.remove(); failed(new Error(address)); };
        document.head.append(script);
      }));
    }
    return loaded.get(address);
  };

  const arrive = async (pathname, scripts) => {
    const needed = scripts?.[pathname] || [];
    while (location.pathname === pathname) {
      try { await Promise.all(needed.map(load)); break; }
      catch { await new Promise((done) => setTimeout(done, 2_000)); }
    }
    return location.pathname === pathname ? pathname : window.dash_clientside.no_update;
  };

  window.gridhall.address = { go, open };
  window.dash_clientside.address = { arrive, title: (title) => { if (title) document.title = title; } };
})();
