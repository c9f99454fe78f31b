"use strict";
// Tells at once whether a number can be one of its kind, and fills the holder in as the paper names it.
// Without this script the form says the same after it was sent.
(() => {
  const number = document.getElementById("about-id");
  if (!number) return;
  const scheme = document.getElementById("about-scheme");
  const name = document.getElementById("about-name");
  const said = document.getElementById("about-id-said");
  const csrf = document.querySelector('meta[name="csrf"]').content;
  let asked = 0;

  function tell(text, bad) {
    said.textContent = text;
    said.classList.toggle("bad", bad);
    number.setAttribute("aria-invalid", String(bad));
  }

  async function check() {
    const turn = ++asked;
    if (!number.value.trim()) return;
    const answer = await fetch("/hand-in/holder", {
      method: "POST",
      headers: { "X-CSRF-Token": csrf, Accept: "application/json" },
      body: new URLSearchParams({ scheme: scheme.value, number: number.value }),
    });
    const body = await answer.json();
    if (turn !== asked) return; // something newer was typed meanwhile
    tell(answer.ok ? "Mã số đúng dạng." : body.detail, !answer.ok);
  }

  // What was said goes while typing, not when the field is left: a button must not move under a click.
  number.addEventListener("input", () => {
    asked += 1;
    tell("", false);
  });
  number.addEventListener("change", check);
  scheme.addEventListener("change", check);

  const offer = document.querySelector("button.offer");
  if (offer) {
    offer.type = "button";
    offer.addEventListener("click", () => {
      if (offer.dataset.id) {
        scheme.value = offer.dataset.scheme;
        number.value = offer.dataset.id;
      }
      if (offer.dataset.name) name.value = offer.dataset.name;
      check();
      number.focus();
    });
  }
})();
