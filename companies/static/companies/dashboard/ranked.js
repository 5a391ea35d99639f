"use strict";
// Ranked bars, bars beside a target, stacked bars, and tiles near their places.
{
  const { number, text, look, base, tooltip, valueAxis, hatched, widest, mixed, readableOn, px, rowsOf } = dashboard;

  const hidden = { type: "value", min: 0, show: false };
  const urlOf = (rows) => (event) => (event.componentType === "series" ? rows[event.dataIndex]?.url : null);

  dashboard.kinds.bars = (data, place) => {
    const colours = look();
    const { rows } = data;
    const label = (row) => row.label ?? number(row.value);
    const named = rowsOf(colours, rows, place, label);
    const colour = colours[data.colour ?? "stock"];
    return {
      height: named.height + 12,
      urlOf: urlOf(rows),
      option: {
        ...base(colours),
        grid: { left: named.left, right: named.right, top: 4, bottom: 4 },
        tooltip: tooltip(colours, { trigger: "item", formatter: ({ dataIndex: at }) =>
          `${rows[at].name}\n${rows[at].label ?? `${number(rows[at].value)} ${data.unit}`}` }),
        xAxis: hidden, yAxis: named.axis,
        series: [...named.above, {
          type: "bar", barCategoryGap: "26%", ...named.bar, label: named.label,
          data: rows.map((row) => ({
            value: row.value,
            itemStyle: { color: row.unknown ? colours.unknown : colour, borderRadius: [0, 3, 3, 0] },
          })),
        }],
      },
    };
  };

  dashboard.kinds.bullets = (data, place) => {
    const colours = look();
    const { rows, words } = data;
    const label = (row) => (row.goal === null ? number(row.value) : `${number(row.value)} / ${number(row.goal)}  ${row.share}`);
    const over = { position: "insideTopLeft", offset: [0, -px(24)] };
    const named = rowsOf(colours, rows, place, label, { row: 54, label: over });
    return {
      height: named.height + px(50),
      urlOf: urlOf(rows),
      option: {
        ...base(colours),
        grid: { left: named.left, right: 24, top: px(34), bottom: 4 },
        legend: { top: 0, left: 0, selectedMode: false, itemWidth: px(18), textStyle: text(colours) },
        tooltip: tooltip(colours, { trigger: "item", formatter: ({ dataIndex: at }) =>
          [rows[at].name, `${words.computed}  ${number(rows[at].value)}`,
            ...(rows[at].goal === null ? [] : [`${words.target} ${data.year}  ${number(rows[at].goal)}`])].join("\n") }),
        xAxis: hidden, yAxis: named.axis,
        series: [
          ...named.above,
          { name: words.computed, type: "bar", barWidth: px(18), ...named.bar, color: colours.stock, label: named.label,
            data: rows.map((row) => ({ value: row.value,
              itemStyle: { color: row.goal === null ? colours.unknown : colours.stock, borderRadius: [0, 3, 3, 0] } })) },
          { name: words.target, type: "scatter", symbol: "rect", symbolSize: [px(4), px(30)], symbolOffset: [0, named.shift], color: colours.ink, z: 4,
            data: rows.filter((row) => row.goal !== null).map((row) => [row.goal, row.name]) },
        ],
      },
    };
  };

  dashboard.kinds.residents = (data, place) => {
    const colours = look();
    const { rows, words } = data;
    const named = rowsOf(colours, rows, place, (row) => number(row.value));
    return {
      height: named.height + px(44),
      urlOf: urlOf(rows),
      option: {
        ...base(colours),
        grid: { left: named.left, right: named.right, top: px(34), bottom: 4 },
        legend: { top: 0, left: 0, selectedMode: false, itemWidth: px(18), textStyle: text(colours) },
        tooltip: tooltip(colours, { trigger: "axis", axisPointer: { type: "shadow" }, formatter: ([{ dataIndex: at }]) =>
          `${rows[at].name}\n${number(rows[at].value)} ${data.unit}\n${words.high_tech}  ${number(rows[at].part)}` }),
        xAxis: hidden, yAxis: named.axis,
        series: [
          ...named.above,
          { name: words.high_tech, type: "bar", stack: "all", color: colours.stock, barCategoryGap: "26%", ...named.bar, data: rows.map((row) => row.part) },
          { name: words.others, type: "bar", stack: "all", data: rows.map((row) => row.value - row.part),
            color: colours.residents, itemStyle: { decal: hatched("rgba(255,255,255,0.35)"), borderRadius: [0, 3, 3, 0] },
            label: named.label },
        ],
      },
    };
  };

  dashboard.kinds.tiles = (data, place) => {
    const colours = look();
    const { rows } = data;
    const columns = Math.max(...rows.map((row) => row.at[0])) + 1;
    const lines = Math.max(...rows.map((row) => row.at[1])) + 1;
    const most = Math.max(...rows.map((row) => row.value), 1);
    // Where a name needs more room than the screen has, the tiles are moved sideways rather than their names cut.
    const width = Math.max(Math.min(place.clientWidth / columns, px(108)), widest(rows.map((row) => row.short)) + 10);
    const height = Math.max(Math.min(width * 0.8, px(60)), px(46));
    const shade = (value) => mixed(colours.stock, colours.card, 0.12 + 0.88 * Math.sqrt(value / most));
    return {
      height: lines * height + 8,
      width: Math.max(place.clientWidth, columns * width),
      urlOf: urlOf(rows),
      option: {
        ...base(colours),
        grid: { left: 0, right: Math.max(place.clientWidth - columns * width, 0), top: 4, bottom: 4 },
        tooltip: tooltip(colours, { trigger: "item", formatter: ({ dataIndex: at }) =>
          `${rows[at].name}\n${rows[at].within}\n${number(rows[at].value)} ${data.unit}` }),
        xAxis: { type: "value", min: -0.5, max: columns - 0.5, show: false },
        yAxis: { type: "value", min: -0.5, max: lines - 0.5, inverse: true, show: false },
        series: [{
          type: "scatter", symbol: "rect", symbolSize: [width - 4, height - 4],
          data: rows.map((row) => ({
            value: row.at, itemStyle: { color: shade(row.value), opacity: 1 },
            label: { color: readableOn(shade(row.value)) },
          })),
          label: { show: true, fontSize: px(14), lineHeight: px(18), fontFamily: colours.font, formatter: ({ dataIndex: at }) => {
            const { short, value } = rows[at];
            return `${short}\n${number(value)}`;
          } },
        }],
      },
    };
  };

  dashboard.kinds.columns = (data, place) => {
    const colours = look();
    const { rows, words } = data;
    const isNarrow = place.clientWidth < 560;
    const shownRows = (isSoon) => rows.map((row) => (row.soon === isSoon ? row.value : null));
    const label = { show: true, position: "top", formatter: ({ value }) => (value ? number(value) : ""), ...text(colours) };
    return {
      height: px(320),
      urlOf: urlOf(rows),
      option: {
        ...base(colours),
        grid: { left: px(isNarrow ? 46 : 54), right: 8, top: px(44), bottom: px(52) },
        legend: { top: 0, left: 0, selectedMode: false, itemWidth: px(18), textStyle: text(colours) },
        tooltip: tooltip(colours, { trigger: "item", formatter: ({ dataIndex: at }) =>
          `${rows[at].name}\n${number(rows[at].value)} ${data.unit}` }),
        xAxis: { type: "category", data: rows.map((row) => row.short), axisTick: { show: false },
          axisLabel: text(colours, { color: colours.quiet, lineHeight: px(18), hideOverlap: true }),
          axisLine: { lineStyle: { color: colours.quiet } } },
        yAxis: valueAxis(colours),
        series: [
          { name: words.soon, type: "bar", stack: "all", color: colours.ending, data: shownRows(true), label,
            itemStyle: { borderRadius: [3, 3, 0, 0] } },
          { name: words.later, type: "bar", stack: "all", color: mixed(colours.ending, colours.card, 0.45), data: shownRows(false), label,
            itemStyle: { borderRadius: [3, 3, 0, 0] } },
        ],
      },
    };
  };
}
