"use strict";
// Ranked bars, bars beside a target, stacked bars, and tiles near their places.
{
  const { number, text, look, base, tooltip, valueAxis, hatched, widest, mixed, readableOn } = dashboard;
  const ROW = 31;

  const names = (colours, rows, place) => {
    const room = Math.min(widest(rows.map((row) => row.name)) + 4, place.clientWidth * 0.42);
    return {
      axis: {
        type: "category", inverse: true, data: rows.map((row) => row.name), axisTick: { show: false },
        axisLine: { lineStyle: { color: colours.quiet } },
        axisLabel: text(colours, { width: room, overflow: "truncate", interval: 0 }),
      },
      left: room + 14,
    };
  };
  const hidden = { type: "value", min: 0, show: false };
  const urlOf = (rows) => (event) => (event.componentType === "series" ? rows[event.dataIndex]?.url : null);

  dashboard.kinds.bars = (data, place) => {
    const colours = look();
    const { rows } = data;
    const { axis, left } = names(colours, rows, place);
    const label = (row) => row.label ?? number(row.value);
    const colour = colours[data.colour ?? "stock"];
    return {
      height: rows.length * ROW + 12,
      urlOf: urlOf(rows),
      option: {
        ...base(colours),
        grid: { left, right: widest(rows.map(label)) + 18, top: 4, bottom: 4 },
        tooltip: tooltip(colours, { trigger: "item", formatter: ({ dataIndex: at }) =>
          `${rows[at].name}\n${rows[at].label ?? `${number(rows[at].value)} ${data.unit}`}` }),
        xAxis: hidden, yAxis: axis,
        series: [{
          type: "bar", barCategoryGap: "26%",
          data: rows.map((row) => ({
            value: row.value,
            itemStyle: { color: row.url ? colour : colours.unknown, borderRadius: [0, 3, 3, 0] },
          })),
          label: { show: true, position: "right", formatter: ({ dataIndex: at }) => label(rows[at]), ...text(colours) },
        }],
      },
    };
  };

  dashboard.kinds.bullets = (data, place) => {
    const colours = look();
    const { rows, words } = data;
    const { axis, left } = names(colours, rows, place);
    const label = (row) => `${number(row.value)} / ${number(row.goal)}  ${row.share}`;
    return {
      height: rows.length * 54 + 50,
      urlOf: urlOf(rows),
      option: {
        ...base(colours),
        grid: { left, right: 24, top: 34, bottom: 4 },
        legend: { top: 0, left: 0, selectedMode: false, itemWidth: 18, textStyle: text(colours) },
        tooltip: tooltip(colours, { trigger: "item", formatter: ({ dataIndex: at }) =>
          `${rows[at].name}\n${words.computed}  ${number(rows[at].value)}\n${words.target} ${data.year}  ${number(rows[at].goal)}` }),
        xAxis: hidden, yAxis: axis,
        series: [
          { name: words.computed, type: "bar", barWidth: 18, color: colours.stock, data: rows.map((row) => row.value),
            itemStyle: { borderRadius: [0, 3, 3, 0] },
            label: { show: true, position: "insideTopLeft", offset: [0, -24], formatter: ({ dataIndex: at }) => label(rows[at]), ...text(colours) } },
          { name: words.target, type: "scatter", symbol: "rect", symbolSize: [4, 30], color: colours.ink, z: 4,
            data: rows.map((row) => [row.goal, row.name]) },
        ],
      },
    };
  };

  dashboard.kinds.residents = (data, place) => {
    const colours = look();
    const { rows, words } = data;
    const { axis, left } = names(colours, rows, place);
    return {
      height: rows.length * ROW + 44,
      urlOf: urlOf(rows),
      option: {
        ...base(colours),
        grid: { left, right: 54, top: 34, bottom: 4 },
        legend: { top: 0, left: 0, selectedMode: false, itemWidth: 18, textStyle: text(colours) },
        tooltip: tooltip(colours, { trigger: "axis", axisPointer: { type: "shadow" }, formatter: ([{ dataIndex: at }]) =>
          `${rows[at].name}\n${number(rows[at].value)} ${data.unit}\n${words.high_tech}  ${number(rows[at].part)}` }),
        xAxis: hidden, yAxis: axis,
        series: [
          { name: words.high_tech, type: "bar", stack: "all", color: colours.stock, barCategoryGap: "26%", data: rows.map((row) => row.part) },
          { name: words.others, type: "bar", stack: "all", data: rows.map((row) => row.value - row.part),
            color: colours.residents, itemStyle: { decal: hatched("rgba(255,255,255,0.35)"), borderRadius: [0, 3, 3, 0] },
            label: { show: true, position: "right", formatter: ({ dataIndex: at }) => number(rows[at].value), ...text(colours) } },
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
    const width = Math.min(place.clientWidth / columns, 108);
    const height = Math.max(Math.min(width * 0.8, 60), 46);
    const isSmall = width < 56;
    const cut = (name) => {
      if (widest([name]) < width - 6) return name;
      return name.slice(0, Math.max(2, Math.floor((width - 6) / (dashboard.isChinese ? 14 : 10))));
    };
    const shade = (value) => mixed(colours.stock, colours.card, 0.12 + 0.88 * Math.sqrt(value / most));
    return {
      height: lines * height + 8,
      urlOf: urlOf(rows),
      option: {
        ...base(colours),
        grid: { left: 0, right: place.clientWidth - columns * width, top: 4, bottom: 4 },
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
          label: { show: true, fontSize: 14, lineHeight: 18, fontFamily: colours.font, formatter: ({ dataIndex: at }) => {
            const { short, value } = rows[at];
            return `${cut(short)}\n${isSmall ? value : number(value)}`;
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
      height: 320,
      urlOf: urlOf(rows),
      option: {
        ...base(colours),
        grid: { left: isNarrow ? 46 : 54, right: 8, top: 44, bottom: 52 },
        legend: { top: 0, left: 0, selectedMode: false, itemWidth: 18, textStyle: text(colours) },
        tooltip: tooltip(colours, { trigger: "item", formatter: ({ dataIndex: at }) =>
          `${rows[at].name}\n${number(rows[at].value)} ${data.unit}` }),
        xAxis: { type: "category", data: rows.map((row) => row.short), axisTick: { show: false },
          axisLabel: text(colours, { color: colours.quiet, lineHeight: 18, hideOverlap: true }),
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
