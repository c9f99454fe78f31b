"use strict";
// Shows where the field in focus stands on the page, and lets the keyboard do the review.
(() => {
  const form = document.getElementById("fields");
  const sheet = document.getElementById("sheet");
  if (!form) return;
  const svgName = "http://www.w3.org/2000/svg";

  function showPage(input) {
    const image = document.getElementById("page-image");
    const boxes = document.getElementById("boxes");
    const [width, height] = input.dataset.sheet.split(" ");
    sheet.dataset.page = input.dataset.page;
    image.src = `/v1/documents/${sheet.dataset.document}/pages/${input.dataset.page}/image?width=1200`;
    image.alt = `Ảnh trang ${input.dataset.page}`;
    boxes.setAttribute("viewBox", `0 0 ${width} ${height}`);
    boxes.replaceChildren();
    for (const other of form.querySelectorAll(`[data-page="${input.dataset.page}"]`)) {
      const [x0, y0, x1, y1] = other.dataset.box.split(" ").map(Number);
      const box = document.createElementNS(svgName, "rect");
      box.dataset.field = other.id.slice(2);
      for (const [name, value] of [["x", x0 - 2], ["y", y0 - 2], ["width", x1 - x0 + 4], ["height", y1 - y0 + 4], ["rx", 2]]) {
        box.setAttribute(name, value);
      }
      if ("doubt" in other.dataset) box.classList.add("band-doubt");
      boxes.append(box);
    }
    document.getElementById("page-number").textContent = input.dataset.page;
    form.elements.page.value = input.dataset.page;
    const number = Number(input.dataset.page);
    const count = Number(document.getElementById("page-count").textContent);
    for (const [id, target] of [["page-before", number - 1], ["page-after", number + 1]]) {
      const link = document.getElementById(id);
      link.href = `?page=${Math.min(Math.max(target, 1), count)}`;
      link.classList.toggle("off", target < 1 || target > count);
    }
  }

  function light(input) {
    if (!sheet) return;
    for (const box of sheet.querySelectorAll("rect.active")) box.classList.remove("active");
    if (!input.dataset.box) return;
    if (input.dataset.page !== sheet.dataset.page) showPage(input);
    const box = sheet.querySelector(`rect[data-field="${input.id.slice(2)}"]`);
    if (!box) return;
    box.classList.add("active");
    const place = box.getBoundingClientRect();
    if (place.top < 0 || place.bottom > window.innerHeight) {
      const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
      window.scrollBy({ top: place.top - window.innerHeight / 3, behavior: still ? "auto" : "smooth" });
    }
  }

  const doubtful = () => [...form.querySelectorAll("[data-doubt]")];

  form.addEventListener("focusin", (event) => {
    if (event.target.matches("input:not([type=hidden]), textarea, select")) light(event.target);
  });

  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target.matches("button, summary")) return;
    const confirm = form.querySelector('button[value="confirm"]');
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      if (confirm) form.requestSubmit(confirm);
      return;
    }
    if (event.target.matches("textarea") && event.target.name === "field.citations") return;
    event.preventDefault(); // Enter never sends half a review: it goes on to the next doubtful field
    const later = doubtful().find(
      (one) => event.target.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING,
    );
    (later || confirm || event.target).focus();
  });

  const wanted = form.querySelector("[autofocus]");
  if (wanted) wanted.focus();
  else if (form.dataset.doubtful !== "0" && !window.location.hash && form.querySelector('button[value="confirm"]')) {
    const first = doubtful().find((one) => one.name.startsWith("field."));
    if (first) first.focus({ preventScroll: true });
  }
})();
