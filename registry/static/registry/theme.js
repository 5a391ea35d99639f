// The choice of colours: as the device, light or dark. Kept under the admin's own name, so that both look alike.
(() => {
  const CHOICES = ["auto", "light", "dark"];
  const stored = () => {
    try {
      const kept = localStorage.getItem("theme");
      return CHOICES.includes(kept) ? kept : "auto";
    } catch {
      return "auto"; // storage may be forbidden; the device's colours need none
    }
  };
  const show = (choice) => {
    document.documentElement.dataset.theme = choice;
    document.dispatchEvent(new CustomEvent("theme", { detail: choice }));
  };
  show(stored());
  document.addEventListener("DOMContentLoaded", () => {
    const button = document.querySelector("button.theme");
    if (!button) return;
    const tell = (choice) => {
      button.title = button.dataset[choice];
      button.setAttribute("aria-label", button.dataset[choice]);
      button.textContent = { auto: "◐", light: "☀", dark: "☾" }[choice];
    };
    let choice = stored();
    tell(choice);
    button.hidden = false;
    button.addEventListener("click", () => {
      choice = CHOICES[(CHOICES.indexOf(choice) + 1) % CHOICES.length];
      try {
        localStorage.setItem("theme", choice);
      } catch { /* then it lasts as long as the page */ }
      show(choice);
      tell(choice);
    });
  });
})();
