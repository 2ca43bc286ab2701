using Gateway.Store.Messages;

namespace Gateway.Management;

/// <summary>How much a condition of the gateway weighs.</summary>
internal enum Weight
{
    /// <summary>Intended by an operator.</summary>
    Notice,

    /// <summary>May soon cause harm.</summary>
    Warning,

    /// <summary>Messages are delayed, refused or lost.</summary>
    Error,
}

/// <summary>A condition that an operator must know about.</summary>
/// <param name="Weight">How much it weighs.</param>
/// <param name="Code">For programs; those of <see cref="HealthReason"/>, and <c>warning</c>, <c>waiting</c>, <c>dead-letters</c>,
/// <c>disk-low</c>, <c>queue-full</c>, <c>restart</c> and <c>paused</c>.</param>
/// <param name="About">The peer, inlet, outlet or queue; empty for the gateway itself.</param>
/// <param name="Text">A clause that is true whenever it is read.</param>
/// <param name="Sentence">The same as a sentence for people, true at the time of reading.</param>
/// <param name="Advice">The remedy; a sentence, or empty.</param>
internal sealed record Finding(Weight Weight, string Code, string About, string Text, string Sentence, string Advice)
{
    /// <summary>The queue that it is about; null if it is about none.</summary>
    public QueueId? Queue { get; init; }

    /// <summary>Affects the health reported to probes and monitoring.</summary>
    public bool IsOfHealth { get; init; }
}
