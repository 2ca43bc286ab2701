namespace Gateway.Inbox;

/// <summary>The settings in force for all queues; replaced whole when another configuration is applied. Owned by the loop.</summary>
internal sealed class InboxLimits(InboxSettings first)
{
    public InboxSettings Now { get; set; } = first;
}
