"use strict";
// The bridge as a waterfall that lies on its side, so that the names of its parts have room.
dashboard.kinds.waterfall = (data, place) => {
  const { number, text, look, base, tooltip, hatched, rowsOf } = dashboard;
  const colours = look();
  const { words } = data;
  const signed = (value) => (value > 0 ? `+${number(value)}` : `−${number(-value)}`);

  let level = data.opening.value;
  const rows = [{ ...data.opening, from: 0, to: level, colour: colours.stock, label: number(level) }];
  data.parts.forEach((part) => {
    const [from, to] = [level, level + part.value];
    rows.push({ ...part, from: Math.min(from, to), to: Math.max(from, to),
      colour: part.value > 0 ? colours.joined : colours.left, label: signed(part.value) });
    level = to;
  });
  rows.push({ ...data.closing, from: 0, to: data.closing.value, colour: colours.stock, label: number(data.closing.value) });

  const named = rowsOf(colours, rows, place, (row) => row.label, { row: 34 });
  const most = Math.max(...rows.map((row) => row.to), 1);
  return {
    height: named.height + 12,
    urlOf: (event) => (event.componentType === "series" ? rows[event.dataIndex]?.url : null),
    option: {
      ...base(colours),
      grid: { left: named.left, right: named.right, top: 4, bottom: 4 },
      tooltip: tooltip(colours, { trigger: "item", formatter: ({ dataIndex: at }) =>
        `${rows[at].name}\n${rows[at].label} ${data.unit}` }),
      xAxis: { type: "value", min: 0, max: most, show: false },
      yAxis: named.axis,
      series: [
        ...named.above,
        { name: "", type: "bar", stack: "all", silent: true, ...named.bar, itemStyle: { color: "transparent" },
          data: rows.map((row) => row.from) },
        { name: words.stock, type: "bar", stack: "all", barCategoryGap: "30%", barMinHeight: 2,
          data: rows.map((row, at) => ({
            value: row.to - row.from,
            itemStyle: { color: row.colour, borderRadius: 2,
              decal: data.provisional && at > 0 ? hatched("rgba(255,255,255,0.5)") : undefined },
          })),
          label: named.label },
      ],
    },
  };
};
