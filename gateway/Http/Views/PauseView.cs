using Gateway.Management;

namespace Gateway.Http.Views;

/// <summary>An operator's order to send nothing.</summary>
internal sealed record PauseView(DateTimeOffset At, string Who, string Why)
{
    public static PauseView? Of(Pause? pause) => pause is null ? null : new PauseView(pause.At.ToUniversalTime(), pause.Who, pause.Why);
}
