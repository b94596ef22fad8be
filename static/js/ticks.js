// A button that ticks every box of one name in its form, and unticks them when all are ticked.
(() => {
  "use strict";
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-tick-all]");
    if (!button) return;
    const boxes = [...button.closest("form").querySelectorAll(`input[type=checkbox][name="${button.dataset.tickAll}"]`)];
    const ticked = !boxes.every((box) => box.checked);
    for (const box of boxes) box.checked = ticked;
    button.querySelector("span").textContent = ticked ? "Bỏ chọn tất cả" : "Chọn tất cả trang này";
  });
})();
