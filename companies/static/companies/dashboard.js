"use strict";
// Draws the charts from the data that the page carries, again when its width or its colours change.
{
  const { kinds } = dashboard;
  const drawn = new Map();

  const dataOf = (key) => {
    const element = document.getElementById(`data-${key}`);
    return element ? JSON.parse(element.textContent) : null;
  };

  const draw = (figure) => {
    const key = figure.dataset.chart;
    let data = dataOf(key);
    if (!data || (data.rows && data.rows.length === 0)) return;
    if (key === "way") data = { ...data, ...dataOf("projection") };
    figure.hidden = false;
    const made = kinds[figure.dataset.kind](data, figure);
    figure.style.height = `${made.height}px`;
    drawn.get(key)?.dispose();
    const chart = window.echarts.init(figure, null, { renderer: "svg", width: made.width });
    if (made.width > figure.clientWidth) figure.tabIndex = 0;
    else figure.removeAttribute("tabindex");
    chart.setOption(made.option);
    // On paper, which has another width, the style sheet makes the drawing smaller as a whole.
    figure.querySelector("svg")?.setAttribute("viewBox", `0 0 ${chart.getWidth()} ${chart.getHeight()}`);
    drawn.set(key, chart);
    if (made.urlOf) follow(chart, made.urlOf);
    if (made.firmsAt) followDays(chart, made);
  };

  const open = (url) => { if (url) window.location.assign(url); };

  const follow = (chart, urlOf) => {
    chart.on("click", (event) => open(urlOf(event)));
    chart.on("mouseover", (event) => chart.getZr().setCursorStyle(urlOf(event) ? "pointer" : "default"));
  };

  // A line has no marks: a click near it leads to the firms of that month's end.
  const NEAR = 14;
  const followDays = (chart, { days, firmsAt }) => {
    const at = (event) => {
      const places = days.map(([day, value]) => chart.convertToPixel({ xAxisIndex: 0, yAxisIndex: 0 }, [day, value]));
      const far = places.map(([x, y]) => Math.hypot(x - event.offsetX, y - event.offsetY));
      const nearest = far.indexOf(Math.min(...far));
      return far[nearest] < NEAR ? days[nearest][0] : null;
    };
    const surface = chart.getZr();
    surface.on("mousemove", (event) => surface.setCursorStyle(at(event) ? "pointer" : "default"));
    surface.on("click", (event) => {
      const day = at(event);
      if (day) open(firmsAt(day));
    });
  };

  const figures = () => [...document.querySelectorAll("figure[data-chart]")];
  const isShown = (figure) => !figure.dataset.unchosen;
  const drawAll = () => figures().filter(isShown).forEach(draw);

  const choose = (button) => {
    const group = button.closest(".choices");
    group.querySelectorAll("button").forEach((one) => {
      const isChosen = one === button;
      one.setAttribute("aria-pressed", String(isChosen));
      const figure = document.querySelector(`figure[data-chart="${one.dataset.shows}"]`);
      if (isChosen) {
        delete figure.dataset.unchosen;
        draw(figure);
      } else {
        figure.dataset.unchosen = "yes";
        figure.hidden = true;
      }
    });
  };

  document.querySelectorAll(".choices").forEach((group) => {
    group.hidden = false;
    group.querySelectorAll("button").forEach((button, place) => {
      button.addEventListener("click", () => choose(button));
      if (place > 0) document.querySelector(`figure[data-chart="${button.dataset.shows}"]`).dataset.unchosen = "yes";
    });
  });
  drawAll();

  // The projection is the last piece of the page to come.
  document.addEventListener("DOMContentLoaded", () => {
    const way = document.querySelector('figure[data-chart="way"]');
    if (way && dataOf("projection")) draw(way);
  });

  let width = window.innerWidth;
  let waiting = null;
  window.addEventListener("resize", () => {
    if (window.innerWidth === width) return; // a phone's address bar changes the height alone
    width = window.innerWidth;
    clearTimeout(waiting);
    waiting = setTimeout(drawAll, 120);
  });
  document.addEventListener("theme", drawAll);
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);

  const opened = [];
  window.addEventListener("beforeprint", () => {
    document.querySelectorAll("#panels details:not([open])").forEach((one) => { one.open = true; opened.push(one); });
  });
  window.addEventListener("afterprint", () => opened.splice(0).forEach((one) => { one.open = false; }));
}
