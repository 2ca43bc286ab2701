// Runs before the first paint, so that a dark page does not flash white. The user's choice takes precedence over the system's.
(() => {
    const key = "gateway-theme";
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const apply = () => { document.documentElement.dataset.theme = localStorage.getItem(key) ?? (dark.matches ? "dark" : "light"); };
    apply();
    dark.addEventListener("change", apply);
    addEventListener("storage", apply);
    document.addEventListener("click", click => {
        if (!click.target.closest("[data-theme-switch]")) return;
        localStorage.setItem(key, document.documentElement.dataset.theme === "dark" ? "light" : "dark");
        apply();
    });
})();
