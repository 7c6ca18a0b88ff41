/* The controls of the filter bar and the address, kept in step. Each side only writes what differs, so they come to rest. */
window.dash_clientside = window.dash_clientside || {};
(() => {
  const one = (query, name, otherwise) => query.get(name) || otherwise;
  const RANGE = /^(\d{4}-\d\d-\d\d)(?:\.\.(\d{4}-\d\d-\d\d))?$/;

  const presets = () => [...document.querySelectorAll(".period-presets input")].map((input) => input.value);
  const layers = () => [...document.querySelectorAll("#overview-layer input")].map((input) => input.value);

  const fill = (search) => {
    if (location.pathname !== "/") return Array(8).fill(window.dash_clientside.no_update);
    const query = new URLSearchParams(search || "");
    const period = one(query, "period", "7d");
    const range = period.match(RANGE);
    const finest = layers()[0] || "";
    return [
      range ? null : period,
      range ? [range[1], range[2] || range[1]] : [null, null],
      one(query, "area", null), query.getAll("kind"), query.getAll("category"), query.getAll("source"),
      one(query, "measure", "reported"),
      query.get("layer") === "heat" ? "heat" : one(query, "level", finest),
    ];
  };

  let before = {};
  const push = (period, dates, area, kind, category, source, measure, layer) => {
    if (location.pathname !== "/") return;
    const query = new URLSearchParams(location.search);
    const written = one(query, "period", "7d");
    const range = dates && dates[0] && dates[1] ? (dates[0] === dates[1] ? dates[0] : `${dates[0]}..${dates[1]}`) : null;
    /* Preset and calendar both say the period: whichever was just touched counts. */
    const touched = range !== before.range && range ? range : period !== before.period && period ? period : null;
    before = { range, period };
    const wanted = touched || written;
    const finest = layers()[0] || "";
    const heat = layer === "heat";
    window.gridhall.address.go({
      period: wanted, area: area || "", kind: kind || [], category: category || [], source: source || [],
      measure: measure || "reported", layer: heat ? "heat" : "",
      level: heat ? one(query, "level", "") : layer && layer !== finest ? layer : "",
    });
  };

  window.dash_clientside.filters = {
    fill: (search) => {
      const filled = fill(search);
      before = { range: Array.isArray(filled[1]) && filled[1][0] ? new URLSearchParams(search || "").get("period") : null, period: filled[0] };
      return filled;
    },
    push,
  };

  /* Share: the address of this view, on the clipboard. */
  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("#overview-share");
    if (!button) return;
    const label = button.textContent;
    try { await navigator.clipboard.writeText(location.href); button.textContent = button.dataset.done; }
    catch { button.textContent = button.dataset.failed; }
    setTimeout(() => { button.textContent = label; }, 2_000);
  });
})();
