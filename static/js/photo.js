// Photos are shrunk before they are sent (longest side 1600 px, JPEG) and shown small; other files pass as they are.
(() => {
  "use strict";
  const LONGEST_SIDE_PX = 1600;
  const JPEG_QUALITY = 0.82;

  const draw = (picture, longest) => {
    const scale = Math.min(1, longest / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(picture.width * scale));
    canvas.height = Math.max(1, Math.round(picture.height * scale));
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    return canvas;
  };
  const toFile = (canvas, name) =>
    new Promise((resolve) => {
      canvas.toBlob((blob) => resolve(blob && new File([blob], name, { type: "image/jpeg" })), "image/jpeg", JPEG_QUALITY);
    });
  // A picture that the browser cannot read is sent as it is: the server says what is wrong with it.
  const shrink = async (file) => {
    if (!file.type.startsWith("image/")) return { file };
    try {
      const picture = await createImageBitmap(file);
      const smaller = await toFile(draw(picture, LONGEST_SIDE_PX), file.name.replace(/\.\w+$/, "") + ".jpg");
      const small = draw(picture, 256);
      picture.close();
      return { file: smaller && smaller.size < file.size ? smaller : file, small };
    } catch {
      return { file };
    }
  };
  const sizeText = (bytes) =>
    bytes < 1024 * 1024
      ? `${Math.max(1, Math.round(bytes / 1024))} KB`
      : `${(bytes / 1024 / 1024).toFixed(1).replace(".", ",")} MB`;
  const thumb = ({ file, small }) => {
    const figure = document.createElement("figure");
    figure.className = "thumb";
    const face = small || document.createElement("div");
    if (!small) {
      face.className = "thumb-file";
      face.textContent = "Tệp";
    } else {
      face.setAttribute("role", "img");
      face.setAttribute("aria-label", `Ảnh ${file.name}`);
    }
    const words = document.createElement("figcaption");
    words.textContent = `${file.name} (${sizeText(file.size)})`;
    figure.append(face, words);
    return figure;
  };

  document.addEventListener("change", async (event) => {
    const input = event.target;
    if (!input.matches("input[type=file][data-shrink]")) return;
    const buttons = [...(input.form?.querySelectorAll("button[type=submit]") || [])].filter((button) => !button.disabled);
    buttons.forEach((button) => { button.disabled = true; });
    const done = [];
    for (const file of [...input.files]) done.push(await shrink(file));
    const bag = new DataTransfer();
    done.forEach(({ file }) => bag.items.add(file));
    input.files = bag.files;
    document.getElementById(input.dataset.preview)?.replaceChildren(...done.map(thumb));
    buttons.forEach((button) => { button.disabled = false; });
    input.dispatchEvent(new CustomEvent("photo:ready", { bubbles: true }));
  });
})();
