// Day fields stay text, day first. A keypad of digits gets its slashes by itself; "Lịch" opens the browser's own calendar.
(() => {
  "use strict";
  const DAY = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/;

  const withSlashes = (text) => {
    const parts = text.split("/");
    for (const place of [0, 1]) {
      const part = parts[place] || "";
      if (part.length > 2) parts.splice(place, 1, part.slice(0, 2), part.slice(2));
    }
    return parts.join("/");
  };
  const onTyping = (event) => {
    const input = event.target;
    const atEnd = input.selectionStart === input.value.length;
    if (event.inputType?.startsWith("delete") || !atEnd || !/^[\d/]+$/.test(input.value)) return;
    const shaped = withSlashes(input.value);
    if (shaped !== input.value) input.value = shaped;
  };

  const toCalendar = (text) => {
    const found = DAY.exec(text.trim());
    return found ? `${found[3]}-${found[2].padStart(2, "0")}-${found[1].padStart(2, "0")}` : "";
  };
  const addCalendar = (input) => {
    const calendar = document.createElement("input");
    calendar.type = "date";
    calendar.tabIndex = -1;
    calendar.className = "day-calendar";
    calendar.setAttribute("aria-hidden", "true");
    calendar.addEventListener("change", () => {
      input.value = calendar.value.split("-").reverse().join("/");
      input.dispatchEvent(new Event("input", { bubbles: true }));
      input.dispatchEvent(new Event("change", { bubbles: true }));
      input.focus();
    });
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-light";
    button.textContent = "Lịch";
    const label = input.labels[0]?.textContent.replace("*", "").trim() || "";
    button.setAttribute("aria-label", `Lịch: ${label}`);
    button.addEventListener("click", () => {
      calendar.value = toCalendar(input.value);
      calendar.showPicker();
    });
    const box = document.createElement("div");
    box.className = "day-field";
    input.replaceWith(box);
    box.append(input, button, calendar);
  };

  const prepare = (root) => {
    for (const input of root.querySelectorAll("input[data-day]")) {
      if (input.closest(".day-field") || input.disabled || input.readOnly) continue;
      input.inputMode = "numeric";
      input.addEventListener("input", onTyping);
      if ("showPicker" in input) addCalendar(input);
    }
  };
  document.addEventListener("htmx:afterSettle", (event) => prepare(event.detail.elt));
  prepare(document);
})();
