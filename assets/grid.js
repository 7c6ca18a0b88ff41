/* What the grid of cases does in the browser: its look from the tokens, its cells, the ways into a case. */
(() => {
  const h = (...parts) => window.React.createElement(...parts);
  const token = (name) => `var(--gh-${name})`;

  const gridTheme = (base) =>
    base.withParams({
      accentColor: token("accent"),
      backgroundColor: token("surface"),
      foregroundColor: token("text-1"),
      textColor: token("text-1"),
      subtleTextColor: token("text-3"),
      borderColor: token("line"),
      headerBackgroundColor: token("surface"),
      headerTextColor: token("text-3"),
      headerFontWeight: 400,
      headerColumnBorder: false,
      headerColumnResizeHandleColor: "transparent",
      oddRowBackgroundColor: token("surface"),
      rowHoverColor: "color-mix(in srgb, var(--gh-accent) 8%, transparent)",
      selectedRowBackgroundColor: "color-mix(in srgb, var(--gh-accent) 12%, transparent)",
      wrapperBorder: false,
      wrapperBorderRadius: 0,
      columnBorder: false,
      rowBorder: { color: token("line"), width: 1 },
      pinnedColumnBorder: { color: token("line"), width: 1 },
      fontFamily: token("font"),
      fontSize: 13,
      headerFontSize: 12,
      cellHorizontalPadding: 12,
      focusShadow: "inset 0 0 0 2px var(--gh-accent)",
      browserColorScheme: "inherit",
    });

  const address = (data) => `/cases/${data.id}`;
  const skeleton = () => h("span", { className: "gh-skeleton", "aria-hidden": "true" });

  const CaseLink = ({ data }) =>
    data ? h("a", { className: "gh-go gh-case-link", href: address(data), tabIndex: -1 }, data.external_id) : skeleton();
  const badge = (data) => h("span", { className: `gh-badge gh-badge-${data.status_tone}` }, data.status);
  const CaseState = ({ data }) => (data ? badge(data) : null);
  const deadline = (data) => h("span", { className: `gh-due gh-due-${data.due_tone}`, title: data.due_title }, data.due_at);
  const CaseDeadline = ({ data }) => (data ? deadline(data) : null);
  const CaseCard = ({ data }) =>
    data
      ? h("a", { className: "gh-go gh-case-card", href: address(data), tabIndex: -1 },
          h("span", { className: "gh-card-line" }, h("b", null, data.category), deadline(data)),
          h("span", { className: "gh-card-line gh-quiet" }, h("span", null, data.area), badge(data)),
          h("span", { className: "gh-card-line gh-quiet" }, h("span", null, data.external_id), h("span", null, data.reported_at)))
      : skeleton();

  const openCase = ({ data, event }) => {
    const key = event && event.type === "keydown" ? event.key : null;
    if (!data || (key && key !== "Enter") || (event && event.target.closest && event.target.closest("a") && !key)) return;
    if (!key && String(window.getSelection())) return; // the reader is selecting text
    window.gridhall.go(address(data));
  };

  const keepSort = ({ api }) => {
    window.gridhall.setSort(window.gridhall.sortOf(api));
  };

  const NEEDS_PX = { channel: 1150, department: 1150, kind: 1500, closed_at: 1560, level: 1650, source: 1750 };
  const PHONE_PX = 640;
  const CARD_PX = 84;

  const fitCases = ({ api }) => {
    const grid = document.getElementById("cases-grid");
    const clientWidth = grid ? grid.clientWidth : 0;
    if (!clientWidth) return;
    const phone = clientWidth < PHONE_PX;
    const ids = api.getColumns().map((column) => column.getColId());
    const shown = (id) => (id === "card") === phone && (phone || clientWidth >= (NEEDS_PX[id] || 0));
    api.setColumnsVisible(ids.filter((id) => !shown(id)), false);
    api.setColumnsVisible(ids.filter(shown), true);
    if (api.getGridOption("headerHeight") !== (phone ? 0 : 34)) {
      api.setGridOption("headerHeight", phone ? 0 : 34);
      api.setGridOption("rowHeight", phone ? CARD_PX : 35);
    }
  };

  window.dashAgGridFunctions = Object.assign(window.dashAgGridFunctions || {}, { gridTheme, openCase, keepSort, fitCases });
  window.dashAgGridComponentFunctions = Object.assign(window.dashAgGridComponentFunctions || {}, {
    CaseLink, CaseState, CaseDeadline, CaseCard,
  });
})();
