/* Ways through the product: links that do not load the page again, forms that write the address, lists that can be searched. */
window.gridhall = Object.assign(window.gridhall || {}, (() => {
  const go = (href) => {
    window.gridhall.address.open(href);
    window.scrollTo(0, 0);
  };

  /* The order of a list is kept in the address without a step in the history; links that stay on the list take it along. */
  const withSort = (href, sort) => {
    const url = new URL(href, window.location.href);
    url.searchParams.delete("sort");
    if (sort && sort !== "-reported_at") url.searchParams.set("sort", sort);
    return url.pathname + url.search;
  };
  const setSort = (sort) => window.history.replaceState(window.history.state, "", withSort(window.location.href, sort));
  const keepingSort = (href) => {
    const url = new URL(href, window.location.href);
    const here = new URLSearchParams(window.location.search).get("sort");
    const same = url.pathname === window.location.pathname && url.pathname === "/cases";
    return same ? withSort(href, here) : url.pathname + url.search;
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest && event.target.closest("a.gh-go");
    if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(link.dataset.orders ? link.href.slice(window.location.origin.length) : keepingSort(link.href));
  });

  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form.gh-form")) return;
    event.preventDefault();
    const wanted = new URLSearchParams(event.target.dataset.keep);
    new FormData(event.target).forEach((value, key) => (value ? wanted.set(key, value) : wanted.delete(key)));
    go(keepingSort(`${event.target.getAttribute("action")}?${wanted}`));
  });

  /* Menus (details.gh-menu): one is open at a time; a press elsewhere, Escape or a choice closes it. */
  const menus = () => [...document.querySelectorAll("details.gh-menu[open]")];
  const close = (menu) => { menu.open = false; };
  const focus = (menu) => {
    const first = menu.querySelector(".gh-choices-search input") || menu.querySelector("[aria-current]") || menu.querySelector(".gh-choice");
    if (first) first.focus({ preventScroll: true });
    return Boolean(first);
  };
  /* Options come when a menu is opened; focus follows them. A list of which several may be chosen opens again. */
  let waiting = null;
  let again = null;
  new MutationObserver(() => {
    if (waiting && (!waiting.isConnected || focus(waiting))) waiting = null;
    const next = again && document.querySelector(`details.gh-menu[data-facet="${again.name}"]`);
    if (next && next !== again.menu) {
      again = null;
      next.querySelector("summary").click();
    }
  }).observe(document.documentElement, { childList: true, subtree: true });
  document.addEventListener("toggle", ({ target }) => {
    if (!target.matches?.("details.gh-menu[open]")) return;
    menus().filter((menu) => menu !== target).forEach(close);
    waiting = target.dataset.facet && !focus(target) ? target : null;
  }, true);
  document.addEventListener("click", ({ target }) => {
    const choice = target.closest?.(".gh-choice");
    again = null;
    menus().forEach((menu) => {
      if (choice && menu.contains(choice)) {
        if (menu.dataset.several) again = { name: menu.dataset.facet, menu };
        close(menu);
      } else if (!menu.contains(target)) close(menu);
    });
  });
  document.addEventListener("keydown", (event) => {
    const [menu] = menus();
    if (!menu) return;
    if (event.key === "Escape") {
      close(menu);
      menu.querySelector("summary").focus();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const choices = [...menu.querySelectorAll("li:not([hidden]) .gh-choice")];
      const at = choices.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
      event.preventDefault();
      choices[Math.min(Math.max(at, 0), choices.length - 1)]?.focus();
    }
  });
  document.addEventListener("input", (event) => {
    if (!event.target.closest(".gh-choices-search")) return;
    const wanted = event.target.value.trim().toLowerCase();
    event.target.closest(".gh-choices").querySelectorAll("li").forEach((item) => {
      item.hidden = !item.textContent.toLowerCase().includes(wanted);
    });
  });

  /* The list follows the address: other choices empty it, another order sorts it, new figures read its rows again. */
  const grid = () => document.getElementById("cases-grid") && window.dash_ag_grid?.getApi("cases-grid");
  const choices = (search) => {
    const query = new URLSearchParams(search);
    const sort = query.get("sort") || "-reported_at";
    query.delete("sort");
    return [query.toString(), sort];
  };
  let shown = choices(window.location.search)[0];

  const turnCases = (search) => {
    if (window.location.pathname !== "/cases") return;
    const [wanted, sort] = choices(search || "");
    const api = grid();
    if (api && sort !== sortOf(api)) {
      const state = [{ colId: sort.replace("-", ""), sort: sort.startsWith("-") ? "desc" : "asc" }];
      api.applyColumnState({ state, defaultState: { sort: null } });
    }
    if (api && wanted !== shown) {
      api.ensureIndexVisible(0);
      api.purgeInfiniteCache();
    }
    shown = wanted;
  };
  const refreshCases = () => grid()?.refreshInfiniteCache();
  const sortOf = (api) => {
    const sorted = api.getColumnState().find((column) => column.sort);
    return sorted ? `${sorted.sort === "desc" ? "-" : ""}${sorted.colId}` : "-reported_at";
  };

  /* The map of one case: the outline of its own area among the shapes of its level. */
  const areaStyle = () => ({ className: "gh-area-outline", weight: 2, fillOpacity: 0.08 });
  const isArea = (feature, context) => feature.properties.code === context.hideout.code;

  return { go, setSort, sortOf, turnCases, refreshCases, screens: { areaStyle, isArea } };
})());

window.dash_clientside = Object.assign(window.dash_clientside || {}, {
  screens: {
    /* The grid is drawn once its script is here; no other page carries it. */
    open_grid: async (grid) => {
      if (!window.dash_ag_grid) {
        await new Promise((resolve, reject) => {
          const script = Object.assign(document.createElement("script"), { src: grid.script, onload: resolve, onerror: reject });
          document.head.append(script);
        });
      }
      return grid.tree;
    },
    refresh_cases: () => { window.gridhall.refreshCases(); },
    turn_cases: (search) => { window.gridhall.turnCases(search); },
    tiles: (scheme) => `/tiles/base/${scheme || "light"}/{z}/{x}/{y}.png`,
  },
});
