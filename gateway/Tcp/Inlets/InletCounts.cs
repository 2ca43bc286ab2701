namespace Gateway.Tcp.Inlets;

/// <summary>What has happened at one inlet since it began. Owned by the loop.</summary>
internal sealed class InletCounts
{
    /// <summary>Frames that are durable, and their bytes.</summary>
    public long Frames { get; set; }

    public long Bytes { get; set; }

    /// <summary>Replies completed, and their bytes.</summary>
    public long Replies { get; set; }

    public long ReplyBytes { get; set; }

    public long Incomplete { get; set; }

    public long NotFrames { get; set; }

    public long Unclaimed { get; set; }

    public long Accepted { get; set; }

    public long Refused { get; set; }
}
