using Gateway.Client.Wire;

namespace Gateway.Intake;

/// <summary>
/// The right that each request requires. Settling requires none: only the connection that a message was delivered to can settle it.
/// </summary>
internal static class SessionRights
{
    private const int ShownBytesMax = 140;

    /// <summary>Returns the request and a text that names the missing right; null if the application has the right.</summary>
    /// <param name="granted">A destination already found to be permitted.</param>
    public static (RequestId Id, string Text)? FaultOf(ApplicationRights rights, Request request, string granted) => request switch
    {
        Request.Enqueue r when r.Destination != granted && !rights.Enqueue.Allow(r.Destination) =>
            (r.Id, Lacks(rights, $"Enqueue to '{WireText.Cut(r.Destination, ShownBytesMax)}'")),
        Request.Receive r when !rights.Receive.Allow(r.Queue) =>
            (r.Subscription, Lacks(rights, $"Receive from '{WireText.Cut(r.Queue, ShownBytesMax)}'")),
        Request.Peek r when !rights.Receive.Allow(r.Queue) =>
            (r.Id, Lacks(rights, $"Receive from '{WireText.Cut(r.Queue, ShownBytesMax)}'")),
        Request.Depth r when r.Name.Contains('@', StringComparison.Ordinal) && !rights.Enqueue.Allow(r.Name) =>
            (r.Id, Lacks(rights, $"Enqueue to '{WireText.Cut(r.Name, ShownBytesMax)}'")),
        Request.Depth r when !r.Name.Contains('@', StringComparison.Ordinal) && !rights.Receive.Allow(r.Name) =>
            (r.Id, Lacks(rights, $"Receive from '{WireText.Cut(r.Name, ShownBytesMax)}'")),
        _ => null,
    };

    private static string Lacks(ApplicationRights rights, string right) =>
        $"the application {rights.Name} lacks the right {right} (Gateway:Intake:Applications)";
}
