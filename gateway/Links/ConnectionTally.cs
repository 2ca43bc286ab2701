namespace Gateway.Links;

/// <summary>
/// Tracks whether messages sent on a link's connections were answered. A link that comes up repeatedly without any answer is not healthy in
/// the moments between. Pure; owned by its link.
/// </summary>
internal sealed class ConnectionTally
{
    private bool _hasSent;
    private bool _isAnswered;

    /// <summary>The number of successive connections that ended with messages sent and none answered; reset by an answer.</summary>
    public int Fruitless { get; private set; }

    /// <summary>The largest batch acknowledged on this connection.</summary>
    public int AcknowledgedBytesMax { get; private set; }

    public void Begin()
    {
        _hasSent = _isAnswered = false;
        AcknowledgedBytesMax = 0;
    }

    public void OnSent() => _hasSent = true;

    /// <summary>The peer has answered messages, or there are none it could answer.</summary>
    /// <param name="acknowledgedBytes">The size of the largest batch that it acknowledged.</param>
    public void OnAnswered(int acknowledgedBytes = 0)
    {
        _isAnswered = true;
        Fruitless = 0;
        AcknowledgedBytesMax = Math.Max(AcknowledgedBytesMax, acknowledgedBytes);
    }

    public void OnEnded()
    {
        if (_hasSent && !_isAnswered) Fruitless++;
    }
}
