"use strict";
// Help at the field of a firm's page. Whatever it says, the save checks again; without it nothing is missing.
document.addEventListener("DOMContentLoaded", () => {
  const PAUSE = 250;
  const root = document.querySelector(".entering[data-help]");
  if (!root) return;
  const waiting = new Map();

  function ask(field, question, parameters, show) {
    clearTimeout(waiting.get(field)?.timer);
    waiting.get(field)?.stop.abort();
    const stop = new AbortController();
    const timer = setTimeout(async () => {
      const address = `${root.dataset.help}${question}/?${new URLSearchParams(parameters)}`;
      try {
        const response = await fetch(address, { signal: stop.signal, headers: { Accept: "application/json" } });
        if (response.ok) show(await response.json());
      } catch (error) {
        if (error.name !== "AbortError") say(field, "");
      }
    }, PAUSE);
    waiting.set(field, { timer, stop });
  }

  function say(field, text, kind = "") {
    let told = document.getElementById(`${field.id}_help`);
    if (!told) {
      told = document.createElement("div");
      told.id = `${field.id}_help`;
      told.className = "field-help";
      told.setAttribute("role", "status");
      field.closest("td, .form-row").append(told);
    }
    told.hidden = !text;
    told.dataset.kind = kind;
    told.replaceChildren(text);
    return told;
  }

  function list(told, twins) {
    const items = document.createElement("ul");
    for (const twin of twins) {
      const item = document.createElement("li");
      const link = document.createElement("a");
      link.href = twin.address;
      link.target = "_blank";
      link.textContent = `${twin.name}（${twin.uscc}）`;
      item.append(link, ` ${twin.why}`);
      items.append(item);
    }
    told.append(items);
  }

  function code(field) {
    if (!field.value.trim()) return say(field, "");
    ask(field, "code", { uscc: field.value, firm: root.dataset.firm }, (answer) => {
      const told = say(field, answer.problem || answer.taken, "problem");
      for (const suggestion of answer.suggestions) {
        const choose = document.createElement("button");
        choose.type = "button";
        choose.textContent = suggestion;
        choose.addEventListener("click", () => {
          field.value = suggestion;
          code(field);
        });
        told.append(choose);
      }
      if (answer.twins.length) list(told, answer.twins);
    });
  }

  function name(field) {
    if (root.dataset.firm || !field.value.trim()) return;
    const uscc = document.getElementById("id_uscc").value;
    ask(field, "twins", { name: field.value, uscc }, (answer) => {
      const told = say(field, answer.told, "problem");
      if (answer.twins.length) list(told, answer.twins);
    });
  }

  function beside(field, ending) {
    return document.getElementById(field.id.replace(/[a-z_]+$/, ending));
  }

  // A proposal takes the place of nothing and of an earlier proposal, never of what was typed.
  function propose(field, value) {
    if (!value || (field.value && field.value !== field.dataset.proposed)) return false;
    field.value = value;
    field.dataset.proposed = value;
    return true;
  }

  function unit(field) {
    if (!field.value) return;
    ask(field, "unit", { unit: field.value }, (answer) => {
      const district = beside(field, "district");
      say(district, propose(district, String(answer.district ?? "")) ? answer.told : "");
    });
  }

  function ending(field) {
    const kind = beside(field, "kind"), issued = beside(field, "issued_on"), last = beside(field, "valid_until");
    if (!kind.value || !issued.value.trim()) return;
    ask(last, "ending", { kind: kind.value, issued_on: issued.value }, (answer) => {
      say(last, propose(last, answer.last_day) ? answer.told : "");
      say(issued, answer.ahead, "problem");
    });
  }

  // A renewal renews a certificate of the same kind; a new one mostly the last of them.
  function renewed(field) {
    const kind = beside(field, "kind"), renews = beside(field, "predecessor");
    if (!root.dataset.firm || !kind.value || !renews) return;
    ask(renews, "renewed", { kind: kind.value, firm: root.dataset.firm }, (answer) => {
      const own = beside(field, "id")?.value ?? "";
      const keys = answer.certificates.map(String).filter((key) => key !== own);
      for (const option of renews.options) option.hidden = option.value && !keys.includes(option.value) && !option.selected;
      if (renews.value && renews.value === renews.dataset.proposed && !keys.includes(renews.value)) renews.value = "";
      if (!own) propose(renews, keys[0] ?? "");
    });
  }

  // A new firm mostly has its first name and its first seat since it was established.
  function since(field) {
    if (root.dataset.firm) return;
    for (const id of ["id_seats-0-valid_from", "id_established_on"]) {
      const other = document.getElementById(id);
      if (other) propose(other, field.value);
    }
  }

  const HELP = [
    [/^id_names-0-valid_from$/, since],
    [/^id_uscc$/, code],
    [/^id_names-\d+-name_zh$/, name],
    [/^id_seats-\d+-reporting_unit$/, unit],
    [/^id_certifications-\d+-(kind|issued_on)$/, ending],
    [/^id_certifications-\d+-kind$/, renewed],
  ];
  root.addEventListener("change", (event) => {
    for (const [pattern, help] of HELP) if (pattern.test(event.target.id)) help(event.target);
  });

  for (const kind of root.querySelectorAll("[id^=id_certifications-][id$=-kind]")) renewed(kind);

  // Last year's report, in place: what else was typed on the page stays.
  document.querySelector(".copy-report a")?.addEventListener("click", (event) => {
    const add = document.querySelector("#annual_reports-group .add-row a");
    if (!add) return;
    event.preventDefault();
    const place = document.getElementById("id_annual_reports-TOTAL_FORMS").value;
    add.click();
    for (const [key, value] of Object.entries(event.currentTarget.dataset)) {
      const field = document.getElementById(`id_annual_reports-${place}-${key}`);
      if (field) field.value = value;
    }
    document.getElementById(`id_annual_reports-${place}-jobs`)?.focus();
  });

  // The boxes that suggest entries have no name of their own for who does not see the label above them.
  function nameBoxes() {
    for (const box of root.querySelectorAll("select + .select2-container")) {
      const label = root.querySelector(`label[for="${box.previousElementSibling.id}"]`)?.textContent.trim();
      for (const part of box.querySelectorAll(".select2-selection, .select2-selection__rendered")) {
        part.setAttribute("aria-label", label ?? "");
      }
    }
  }
  django.jQuery(nameBoxes); // after the boxes are made
  document.addEventListener("formset:added", () => setTimeout(nameBoxes));
});
