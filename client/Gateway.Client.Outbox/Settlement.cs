namespace Gateway.Client.Outbox;

/// <summary>What became of the rows of a round, by their numbers.</summary>
internal sealed class Settlement
{
    /// <summary>The gateway has them; they are removed.</summary>
    public List<long> Accepted { get; } = [];

    /// <summary>They wait for their destination.</summary>
    public List<long> Waiting { get; } = [];

    /// <summary>They were tried and refused; with the reason.</summary>
    public List<(long Number, RowState State, string Error)> Refused { get; } = [];

    public bool IsEmpty => Accepted.Count + Waiting.Count + Refused.Count == 0;
}
