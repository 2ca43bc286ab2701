// Additions to Blazor: reloading after a restart of the gateway, the link that skips the navigation, and the Escape key of dialogs.
(() => {
    document.addEventListener("click", click => {
        if (click.target.closest("[data-reload]")) location.reload();
        if (click.target.closest("[data-skip]")) {
            click.preventDefault();
            document.getElementById("main")?.focus();
        }
    });

    // The component library listens for the key only some time after its dialog is visible; an earlier key press would be lost.
    document.addEventListener("keydown", key => {
        if (key.key === "Escape") document.querySelector("[role=dialog] [data-decline]")?.click();
    });

    // A restarted gateway no longer knows this page, so it is reloaded once the gateway answers again.
    const modal = document.getElementById("components-reconnect-modal");
    modal?.addEventListener("components-reconnect-state-changed", change => {
        if (change.detail.state === "rejected") location.reload();
    });
})();
