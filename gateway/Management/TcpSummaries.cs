using Gateway.Tcp;

namespace Gateway.Management;

/// <summary>One inlet, and the replies that wait for its programs.</summary>
/// <param name="Replies">The queue through which replies come back; null while there never was one.</param>
internal sealed record InletSummary(InletStatus Status, QueueSummary? Replies)
{
    public string Name => Status.Settings.Name;
}

/// <summary>One outlet, and the messages that wait for its target.</summary>
/// <param name="Queue">The queue that it empties; null while there never was a message in it.</param>
internal sealed record OutletSummary(OutletStatus Status, QueueSummary? Queue)
{
    public string Name => Status.Settings.Name;

    public long Messages => Queue?.Messages ?? 0;
}
