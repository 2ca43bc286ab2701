// What the pages need beyond Blazor: a way back after the gateway was restarted, and the link that skips the navigation.
(() => {
    document.addEventListener("click", click => {
        if (click.target.closest("[data-reload]")) location.reload();
        if (click.target.closest("[data-skip]")) {
            click.preventDefault();
            document.getElementById("main")?.focus();
        }
    });

    // A restarted gateway does not know this page any more; once it answers again, a fresh page is what its reader wants.
    const modal = document.getElementById("components-reconnect-modal");
    modal?.addEventListener("components-reconnect-state-changed", change => {
        if (change.detail.state === "rejected") location.reload();
    });
})();
