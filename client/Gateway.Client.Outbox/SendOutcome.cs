namespace Gateway.Client.Outbox;

/// <summary>What the gateway said of rows of one destination, in their order: first those it decided on, then the rest.</summary>
internal sealed class SendOutcome(string destination)
{
    public string Destination => destination;

    /// <summary>The gateway has them.</summary>
    public List<OutboxRow> Accepted { get; } = [];

    /// <summary>The gateway will not have them, each for its reason.</summary>
    public List<(OutboxRow Row, string Reason)> Refused { get; } = [];

    /// <summary>Not decided: the answer concerned all of them.</summary>
    public List<OutboxRow> Rest { get; } = [];

    /// <summary>Why the gateway takes nothing for this destination; null if it does, or did not say.</summary>
    public string? DestinationRefused { get; set; }

    /// <summary>Why the gateway could not be asked; null if it could.</summary>
    public string? Trouble { get; set; }
}
