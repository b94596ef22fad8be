// The roster: count who was there, tick or untick all that is shown, search without diacritics, one class at a time.
(() => {
  "use strict";
  const fold = (text) =>
    text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/đ/g, "d").replace(/\s+/g, " ").trim();
  const rowsOf = (roster) => [...roster.querySelectorAll(".roster-row")];
  const boxOf = (row) => row.querySelector("input[type=checkbox]");

  // A counter inside a roster speaks of that roster; one elsewhere in the form, of all its rosters together.
  const write = (outputs, boxes, words) => {
    const present = boxes.filter((box) => box.checked).length;
    for (const output of outputs) output.textContent = `${present}/${boxes.length} ${words}`;
  };
  const boxesOf = (roster) => rowsOf(roster).map(boxOf).filter(Boolean);
  const count = (roster) => {
    const words = roster.dataset.rosterWords || "có mặt";
    write(roster.querySelectorAll("[data-roster-count]"), boxesOf(roster), words);
    const form = roster.closest("form");
    if (!form) return;
    const outside = [...form.querySelectorAll("[data-roster-count]")].filter((output) => !output.closest("[data-roster]"));
    write(outside, [...form.querySelectorAll("[data-roster]")].flatMap(boxesOf), words);
  };
  const show = (roster) => {
    const wanted = fold(roster.querySelector("[data-roster-search]")?.value || "");
    const pressed = roster.querySelector('[data-roster-class][aria-pressed="true"]');
    const only = pressed ? pressed.dataset.rosterClass : "";
    for (const row of rowsOf(roster)) {
      row.dataset.folded ??= fold(row.textContent);
      row.hidden = !row.dataset.folded.includes(wanted) || (only !== "" && row.dataset.class !== only);
    }
  };
  const tick = (roster, checked) => {
    for (const row of rowsOf(roster)) {
      const box = boxOf(row);
      if (row.hidden || !box || box.checked === checked) continue;
      box.checked = checked;
      box.dispatchEvent(new Event("input", { bubbles: true }));
    }
    count(roster);
  };
  const choose = (roster, tab) => {
    for (const other of roster.querySelectorAll("[data-roster-class]")) {
      other.setAttribute("aria-pressed", String(other === tab));
    }
    show(roster);
  };

  document.addEventListener("change", (event) => {
    const roster = event.target.closest("[data-roster]");
    if (roster) count(roster);
  });
  document.addEventListener("input", (event) => {
    const roster = event.target.closest("[data-roster]");
    if (roster && event.target.matches("[data-roster-search]")) show(roster);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("[data-roster-search]")) event.preventDefault();
  });
  document.addEventListener("click", (event) => {
    const roster = event.target.closest("[data-roster]");
    if (!roster) return;
    const tab = event.target.closest("[data-roster-class]");
    if (tab) choose(roster, tab);
    if (event.target.closest("[data-roster-all]")) tick(roster, true);
    if (event.target.closest("[data-roster-none]")) tick(roster, false);
  });
  const prepare = () => document.querySelectorAll("[data-roster]").forEach((roster) => { show(roster); count(roster); });
  document.addEventListener("htmx:afterSettle", prepare);
  window.addEventListener("pageshow", prepare);
  prepare();
})();
