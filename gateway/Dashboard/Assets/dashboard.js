// What the pages need beyond Blazor: a way back after the gateway was restarted, the link that skips the navigation, and the key that
// declines.
(() => {
    document.addEventListener("click", click => {
        if (click.target.closest("[data-reload]")) location.reload();
        if (click.target.closest("[data-skip]")) {
            click.preventDefault();
            document.getElementById("main")?.focus();
        }
    });

    // The component library listens for the key only some time after its dialog can be seen; a key pressed before that would be lost.
    document.addEventListener("keydown", key => {
        if (key.key === "Escape") document.querySelector("[role=dialog] [data-decline]")?.click();
    });

    // A restarted gateway does not know this page any more; once it answers again, a fresh page is what its reader wants.
    const modal = document.getElementById("components-reconnect-modal");
    modal?.addEventListener("components-reconnect-state-changed", change => {
        if (change.detail.state === "rejected") location.reload();
    });
})();
