namespace Gateway.Tcp.Outlets;

/// <summary>What an outlet has counted since its start; see <see cref="OutletStatus"/> for the meanings. Owned by its outlet.</summary>
internal sealed class OutletCounters
{
    public long Delivered { get; set; }

    public long Bytes { get; set; }

    public long SentAgain { get; set; }

    public long PossiblySeenTwice { get; set; }

    public long Refused { get; set; }

    public long Replies { get; set; }

    public long ReplyBytes { get; set; }
}
