"use strict";
// What all charts share: colours of the page's own style, one for each thing, numbers and tooltips.
window.dashboard = (() => {
  const language = document.documentElement.lang;
  const isChinese = language.startsWith("zh");
  const numbers = new Intl.NumberFormat(isChinese ? "zh-CN" : language, { useGrouping: "always" });

  const number = (value) => numbers.format(value);
  // 万 on Chinese axes, thousands elsewhere.
  const short = (value) => (isChinese && value >= 10000 && value % 1000 === 0 ? `${value / 10000} 万` : number(value));

  const look = () => {
    const style = getComputedStyle(document.documentElement);
    const of = (name) => style.getPropertyValue(name).trim();
    return {
      ink: of("--ink"), quiet: of("--quiet"), line: of("--line"), card: of("--card"), soft: of("--soft"),
      font: getComputedStyle(document.body).fontFamily,
      // High-tech firms, firms that joined, firms that left, what ends, other firms in residence, financing.
      stock: of("--series-1"), joined: of("--series-3"), left: of("--series-2"), ending: of("--series-5"),
      residents: of("--series-4"), financing: of("--series-6"), unknown: of("--series-8"),
    };
  };

  const long = (colour) => (colour.length === 4 ? `#${[...colour.slice(1)].map((digit) => digit + digit).join("")}` : colour);
  const channels = (short) => [1, 3, 5].map((at) => parseInt(long(short).slice(at, at + 2), 16));
  const mixed = (one, other, share) => {
    const [first, second] = [channels(one), channels(other)];
    const mix = first.map((value, at) => Math.round(value * share + second[at] * (1 - share)));
    return `#${mix.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
  };
  const lightness = (colour) => {
    const [red, green, blue] = channels(colour).map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const readableOn = (colour) => (lightness(colour) > 0.18 ? "#10171a" : "#ffffff");

  // Lengths are said for a root of 16 px; on a wall the letters are larger, and the charts grow with them.
  const px = (size) => Math.round(size * parseFloat(getComputedStyle(document.documentElement).fontSize) / 16);

  const hatched = (colour) => ({
    symbol: "rect", symbolSize: 1, dashArrayX: [1, 0], dashArrayY: [3, 4], rotation: -Math.PI / 4, color: colour,
  });

  const text = (colours, more = {}) => ({ color: colours.ink, fontFamily: colours.font, fontSize: px(14), ...more });

  // Without HTML, whose inline styles the content policy forbids.
  const tooltip = (colours, more) => ({
    renderMode: "richText", confine: true, backgroundColor: colours.card, borderColor: colours.quiet, borderWidth: 1,
    padding: [8, 12], textStyle: text(colours, { lineHeight: px(20) }), ...more,
  });

  const valueAxis = (colours, more = {}) => ({
    type: "value", min: 0, axisLabel: text(colours, { color: colours.quiet, formatter: short, hideOverlap: true }),
    splitLine: { lineStyle: { color: colours.line } }, axisLine: { show: false }, axisTick: { show: false },
    ...more,
  });

  const base = (colours) => ({
    animation: false, textStyle: { fontFamily: colours.font }, backgroundColor: "transparent",
    aria: { enabled: true, decal: { show: false }, label: { enabled: false } },
  });

  const widest = (texts) => {
    const pen = document.createElement("canvas").getContext("2d");
    pen.font = `${px(14)}px ${look().font}`;
    return Math.max(0, ...texts.map((one) => pen.measureText(one).width));
  };

  // Rows of bars with their names: beside the bars while there is room, else in lines of their own above them. A number
  // that is too long for the bar's end stands above, too. `written` gives the number as a text.
  const rowsOf = (colours, rows, place, written, { row = 31, label = {} } = {}) => {
    const [line, bar] = [px(20), px(16)];
    const axis = {
      type: "category", inverse: true, data: rows.map((one) => one.name), axisTick: { show: false },
      axisLine: { lineStyle: { color: colours.quiet } },
    };
    const atEnd = {
      right: widest(rows.map(written)) + 18,
      label: { show: true, position: "right", formatter: ({ dataIndex: at }) => written(rows[at]), ...text(colours) },
    };
    const room = widest(axis.data) + 4;
    if (room <= place.clientWidth * 0.42) {
      return { height: rows.length * px(row), left: room + 14, above: [], shift: 0, bar: {}, ...atEnd, label: { ...atEnd.label, ...label },
        axis: { ...axis, axisLabel: text(colours, { interval: 0 }) } };
    }
    const width = place.clientWidth - 12;
    const isShort = atEnd.right < place.clientWidth * 0.25;
    const oneLine = (one) => (isShort ? one.name : `${one.name}   ${written(one)}`);
    const fits = widest(rows.map(oneLine)) <= width;
    const lines = fits ? 1 : Math.ceil(room / width) + (isShort ? 0 : 1);
    const told = (one) => (isShort ? one.name : `${one.name}${fits ? "   " : "\n"}${written(one)}`);
    return {
      height: rows.length * (lines * line + bar + px(12)), left: 2, shift: lines * line / 2, bar: { barWidth: bar, barGap: "0%" },
      ...(isShort ? atEnd : { right: 8, label: { show: false } }),
      axis: { ...axis, axisLabel: { show: false } },
      above: [{
        name: "", type: "bar", silent: true, barWidth: lines * line, barGap: "0%", data: rows.map(() => 0), tooltip: { show: false },
        label: { show: true, position: "right", distance: 2, lineHeight: line, width, overflow: "break",
          formatter: ({ dataIndex: at }) => told(rows[at]), ...text(colours) },
      }],
    };
  };

  return { kinds: {}, isChinese, number, short, look, mixed, readableOn, hatched, text, tooltip, valueAxis, base, widest, px, rowsOf };
})();
