using Gateway.Tcp.Framing;

namespace Gateway.Tcp.Outlets;

/// <summary>
/// Streams that come to an outlet of whole frames. It could mix the bytes of two of them on one connection, and would send a piece again
/// after a loss, so it takes none: its inlet is told, and what comes of it becomes dead letters. Owned by its outlet.
/// </summary>
internal sealed class MisplacedStreams(OutletSettings settings, UntoldEnds untold, OutletStanding standing)
{
    /// <summary>Those that were told already.</summary>
    private readonly LostConversations _told = new();

    public bool Has(OutletMessage message) => message.IsOfStream && settings.Format is not FrameFormat.Stream;

    /// <summary>Tells the end of the stream, at the first of its messages. Returns why a piece of it is not taken.</summary>
    public string Refuse(OutletMessage message)
    {
        var why = $"the inlet {message.Inlet} sends a stream, and the outlet {settings.Name} takes whole frames; give both the same "
            + "framing";
        if (message.Event is TcpNames.Finished or TcpNames.WasReset)
        {
            _told.Forget(message.Conversation);
        }
        else if (!_told.Contains(message.Conversation))
        {
            _told.Add(message.Conversation, message.Inlet);
            standing.OnStreamRefused($"conversation {message.Conversation}: {why}");
            if (message.ReplyTo is { } to) untold.Tell(to);
        }

        return why;
    }
}
