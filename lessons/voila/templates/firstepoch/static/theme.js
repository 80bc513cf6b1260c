// The theme of the page: light, dark, or as the system has it. Loaded in the head, so that no wrong colour is painted.
(() => {
  const key = "firstepoch-theme";
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const chosen = () => {
    try {
      return localStorage.getItem(key) ?? "system";
    } catch {
      return "system"; // a browser that keeps nothing
    }
  };
  const apply = () => {
    const theme = chosen() === "system" ? (dark.matches ? "dark" : "light") : chosen();
    document.documentElement.dataset.feTheme = theme;
    // The names JupyterLab uses: widgets of others ask for them.
    document.documentElement.dataset.jpThemeLight = String(theme === "light");
  };
  apply();
  dark.addEventListener("change", apply);
  addEventListener("storage", apply);
  document.addEventListener("DOMContentLoaded", () => {
    const select = document.getElementById("fe-theme");
    select.value = chosen();
    select.addEventListener("change", () => {
      try {
        localStorage.setItem(key, select.value);
      } catch {
        document.documentElement.dataset.feTheme = select.value;
      }
      apply();
    });
  });
})();
