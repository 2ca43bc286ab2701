namespace Gateway.Tcp.Outlets;

/// <summary>The numbers and headers of what goes back to one conversation. Owned by its outlet.</summary>
internal sealed class ReplyNumbers(string conversation, FrameHeaders headers)
{
    public string Conversation => conversation;

    /// <summary>Frames that have gone back.</summary>
    public long Frames { get; private set; }

    /// <summary>The headers of the next frame.</summary>
    public byte[] Next() => headers.OfFrame(++Frames);

    /// <summary>The headers of an event, which says how many frames there were if it is the end of them.</summary>
    public byte[] OfEvent(string name) => name == TcpNames.Finished ? headers.OfEnd(name, Frames + 1) : headers.OfEvent(name);
}
