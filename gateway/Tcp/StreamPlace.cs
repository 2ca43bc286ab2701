namespace Gateway.Tcp;

/// <summary>
/// How far one direction of a stream was written. The pieces are numbered, so that one that was lost on the way, purged, or made a dead
/// letter is noticed by what comes behind it: the bytes of a stream are written without a hole, or not at all. Pure; one owner.
/// </summary>
internal sealed class StreamPlace(string conversation)
{
    private long _next = 1;

    /// <summary>Who sends the stream; empty before the first numbered piece.</summary>
    private string _source = "";

    /// <summary>Whether a piece, or what has happened to the conversation, may be written now.</summary>
    /// <param name="number">Of the piece, or the one that the next piece would have had; 0 if the sender does not number them.</param>
    /// <param name="name">The event; empty for a piece.</param>
    /// <param name="source">Who sends it.</param>
    /// <param name="why">Why it may not; empty if it may.</param>
    public PieceVerdict Judge(long number, string name, string source, out string why)
    {
        why = "";
        if (number == 0 || (name.Length > 0 && name != TcpNames.Finished)) return PieceVerdict.Next;
        if (_source.Length > 0 && _source != source)
        {
            why = $"conversation {conversation} is one with {_source}, and {source} has sent this for it, too";
            return PieceVerdict.Stray;
        }

        if (number == _next) return PieceVerdict.Next;
        if (number < _next && name.Length == 0)
        {
            why = $"piece {number} of conversation {conversation} was written before";
            return PieceVerdict.Stray;
        }

        why = number < _next
            ? $"conversation {conversation} ended after piece {number - 1}, and piece {_next - 1} had come"
            : $"{Missing(number - 1)} missing, and {(name.Length > 0 ? "its end" : $"piece {number}")} came";
        return PieceVerdict.Hole;
    }

    /// <summary>What was judged to be next is written.</summary>
    public void Advance(long number, string name, string source)
    {
        if (number == 0 || name.Length > 0) return;
        _next++;
        _source = source;
    }

    private string Missing(long last) => _next == last
        ? $"piece {last} of conversation {conversation} is" : $"pieces {_next} to {last} of conversation {conversation} are";
}
