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
    refresh_cases: () => { window.gridhall.refreshCases(); },
    turn_cases: (search) => { window.gridhall.turnCases(search); },
    tiles: (scheme) => `/tiles/base/${scheme || "light"}/{z}/{x}/{y}.png`,
  },
});
