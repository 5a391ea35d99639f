"use strict";
// What all charts share: colours of the page's own style, one for each thing, numbers and tooltips.
window.dashboard = (() => {
  const language = document.documentElement.lang;
  const isChinese = language.startsWith("zh");
  const numbers = new Intl.NumberFormat(isChinese ? "zh-CN" : language);

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

  const hatched = (colour) => ({
    symbol: "rect", symbolSize: 1, dashArrayX: [1, 0], dashArrayY: [3, 4], rotation: -Math.PI / 4, color: colour,
  });

  const text = (colours, more = {}) => ({ color: colours.ink, fontFamily: colours.font, fontSize: 14, ...more });

  // Without HTML, whose inline styles the content policy forbids.
  const tooltip = (colours, more) => ({
    renderMode: "richText", confine: true, backgroundColor: colours.card, borderColor: colours.quiet, borderWidth: 1,
    padding: [8, 12], textStyle: text(colours, { lineHeight: 20 }), ...more,
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
    pen.font = `14px ${look().font}`;
    return Math.max(0, ...texts.map((one) => pen.measureText(one).width));
  };

  return { kinds: {}, isChinese, number, short, look, mixed, readableOn, hatched, text, tooltip, valueAxis, base, widest };
})();
