// The head and the signature of a paper follow what is typed into the form beside them.
(() => {
  "use strict";
  const form = document.querySelector("form.form-shell");
  const places = [...document.querySelectorAll("[data-paper] [data-shows]")];
  if (!form || !places.length) return;
  const started = (text, start) => text.split("\n").map((line) => line.trim()).filter(Boolean).map((line) => start + line).join("\n");
  const show = () => {
    for (const place of places) {
      const text = form.elements[place.dataset.shows]?.value ?? "";
      place.textContent = "lineStart" in place.dataset ? started(text, place.dataset.lineStart) : text;
    }
  };
  form.addEventListener("input", show);
  show();
})();
