"use strict";
// The way to the goal: computed line, published points, target steps, the projection's fan.
dashboard.kinds.way = (data, place) => {
  const { number, text, look, base, tooltip, valueAxis, short, px, widest } = dashboard;
  const colours = look();
  const { words } = data;
  const path = data.path ?? [];
  const isNarrow = place.clientWidth < 620;
  const lines = path.length ? 7 : 4;
  const inLegend = [words.computed, words.official, words.published, words.target,
    ...(path.length ? [words.median, words.interval_80, words.interval_95] : [])];
  const legendWidth = inLegend.reduce((sum, name) => sum + widest([name]) + px(22) + 22, 0);
  const legendLines = isNarrow ? lines : Math.ceil(legendWidth / place.clientWidth);
  const stock = data.points.at(-1);
  const lastTarget = data.targets.map(([day]) => day).sort().at(-1) ?? data.day;

  const between = (low, high, opacity, name) => [
    { name: `${name} `, type: "line", stack: name, data: path.map((point) => [point.day, point[low]]), silent: true,
      lineStyle: { opacity: 0 }, symbol: "none", tooltip: { show: false } },
    { name, type: "line", stack: name, data: path.map((point) => [point.day, point[high] - point[low]]), silent: true,
      lineStyle: { opacity: 0 }, symbol: "none", areaStyle: { color: colours.stock, opacity },
      itemStyle: { color: colours.stock, opacity: opacity * 1.6 } },
  ];
  const fan = path.length === 0 ? [] : [
    ...between("low_95", "high_95", 0.16, words.interval_95),
    ...between("low_80", "high_80", 0.28, words.interval_80),
    { name: words.median, type: "line", data: path.map((point) => [point.day, point.median]), symbol: "none",
      lineStyle: { color: colours.stock, type: "dashed", width: px(2) }, color: colours.stock },
  ];

  const points = (name, isOfficial, symbol) => ({
    name, type: "scatter", symbol, symbolSize: px(11), z: 5,
    data: data.published.filter((row) => row[2] === isOfficial).map(([day, value]) => [day, value]),
    itemStyle: { color: colours.card, borderColor: colours.ink, borderWidth: 2 },
  });

  const told = new Map();
  const tell = (day, name, value) => told.set(day, [...(told.get(day) ?? []), `${name}  ${value}`]);
  data.points.forEach(([day, value]) => tell(day, words.computed, number(value)));
  data.published.forEach(([day, value, isOfficial]) =>
    tell(day, isOfficial ? words.official : words.published, number(value)));
  data.targets.forEach(([day, , label]) => tell(day, words.target, label));
  path.slice(1).forEach((point) => {
    tell(point.day, words.median, number(point.median));
    tell(point.day, words.interval_80, `${number(point.low_80)} – ${number(point.high_80)}`);
    tell(point.day, words.interval_95, `${number(point.low_95)} – ${number(point.high_95)}`);
  });

  return {
    height: isNarrow ? 330 + lines * 24 : px(436 + 24 * legendLines),
    firmsAt: (day) => data.firms.replace("DAY", day),
    days: data.points,
    option: {
      ...base(colours),
      grid: { left: isNarrow ? 52 : px(64), right: isNarrow ? 14 : px(24), top: isNarrow ? lines * 24 + 20 : px(32 + 24 * legendLines), bottom: px(32) },
      legend: {
        top: 0, left: 0, itemWidth: px(22), itemGap: isNarrow ? 8 : 14, orient: isNarrow ? "vertical" : "horizontal", selectedMode: false, textStyle: text(colours),
        data: [{ name: words.computed, icon: "path://M0,8H22V12H0Z" }, words.official, words.published, words.target,
          ...(path.length ? [{ name: words.median, icon: "path://M0,8H6V12H0ZM8,8H14V12H8ZM16,8H22V12H16Z" }] : []),
          ...(path.length ? [words.interval_80, words.interval_95] : []).map((name) => ({ name, icon: "rect" }))],
      },
      tooltip: tooltip(colours, {
        trigger: "axis", axisPointer: { type: "line", lineStyle: { color: colours.quiet } },
        formatter: (shown) => {
          const day = shown.map((one) => String(one.value[0])).sort().at(-1);
          return [day, ...(told.get(day) ?? [])].join("\n");
        },
      }),
      xAxis: {
        type: "time", max: lastTarget > data.day ? lastTarget : data.day, splitNumber: isNarrow ? 4 : 12,
        axisLabel: text(colours, { color: colours.quiet, formatter: "{yyyy}", hideOverlap: true }),
        minInterval: 365 * 24 * 3600 * 1000, axisLine: { lineStyle: { color: colours.quiet } },
      },
      yAxis: valueAxis(colours, { axisLabel: text(colours, { color: colours.quiet, formatter: short }) }),
      series: [
        ...fan,
        { name: words.target, type: "line", step: "start", symbol: "rect", symbolSize: [px(14), px(4)], z: 3,
          data: [...data.targets].sort(), color: colours.quiet,
          lineStyle: { color: colours.quiet, width: 1.5, type: [4, 4] }, itemStyle: { color: colours.ink },
          label: { show: true, position: "left", offset: [px(8), -px(14)], formatter: ({ value }) => value[2],
            ...text(colours, { fontWeight: 600 }) } },
        { name: words.computed, type: "line", data: data.points, symbol: "none", z: 4, color: colours.stock,
          lineStyle: { color: colours.stock, width: px(3) },
          markPoint: { silent: true, symbol: "circle", symbolSize: px(9), itemStyle: { color: colours.stock },
            data: [{ coord: stock, value: number(stock[1]),
              label: { position: "bottom", distance: px(14), offset: [px(26), 0], formatter: number(stock[1]),
                ...text(colours, { color: colours.stock, fontWeight: 700, fontSize: px(16) }) } }] } },
        points(words.official, true, "circle"),
        points(words.published, false, "diamond"),
      ],
    },
  };
};
