namespace Gateway.Transport.Plain;

/// <summary>
/// Which bytes of a program are acknowledged once so many bytes of TLS are. Marks are bounded: if many writes wait, the last of them stand
/// as one, and count once all of them are acknowledged. Pure; one owner.
/// </summary>
internal sealed class TlsMarks
{
    private const int MarksMax = 64;

    private readonly LinkedList<(long Plain, long Secured)> _marks = [];
    private long _acknowledged;

    /// <summary>Up to here, so many bytes of the program became so many bytes of TLS.</summary>
    public void Add(long plain, long secured)
    {
        if (_marks.Last?.Value.Plain >= plain) return;
        if (_marks.Count >= MarksMax) _marks.RemoveLast();
        _marks.AddLast((plain, secured));
    }

    /// <summary>The program's bytes within so many acknowledged bytes of TLS.</summary>
    public long Within(long secured)
    {
        while (_marks.First is { } first && first.Value.Secured <= secured)
        {
            _acknowledged = first.Value.Plain;
            _marks.RemoveFirst();
        }

        return _acknowledged;
    }
}
