// data-drop: a frame around a file input takes dropped files and names what was chosen.
(() => {
  "use strict";
  const frameOf = (event) => event.target.closest?.("[data-drop]");
  const numbers = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1 });

  const size = (bytes) => {
    const units = ["B", "kB", "MB", "GB"];
    let rank = 0;
    while (bytes >= 1000 && rank < units.length - 1) {
      bytes /= 1000;
      rank += 1;
    }
    return `${numbers.format(bytes)} ${units[rank]}`;
  };

  for (const type of ["dragenter", "dragover"]) {
    document.addEventListener(type, (event) => {
      const frame = frameOf(event);
      if (!frame) return;
      event.preventDefault();
      frame.classList.add("is-over");
    });
  }

  document.addEventListener("dragleave", (event) => {
    const frame = frameOf(event);
    if (frame && !frame.contains(event.relatedTarget)) frame.classList.remove("is-over");
  });

  document.addEventListener("drop", (event) => {
    const frame = frameOf(event);
    if (!frame) return;
    event.preventDefault();
    frame.classList.remove("is-over");
    const input = frame.querySelector("input[type=file]");
    const dropped = [...event.dataTransfer.files];
    if (!dropped.length || input.disabled) return;
    const transfer = new DataTransfer();
    for (const file of input.multiple ? dropped : dropped.slice(0, 1)) transfer.items.add(file);
    input.files = transfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });

  document.addEventListener("change", (event) => {
    const output = frameOf(event)?.querySelector("output");
    if (!output || event.target.type !== "file") return;
    output.textContent = [...event.target.files].map((file) => `${file.name} (${size(file.size)})`).join(", ");
  });
})();
