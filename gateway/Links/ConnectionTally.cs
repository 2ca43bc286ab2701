namespace Gateway.Links;

/// <summary>
/// What came of the messages that were sent on the connections of a link: a link that comes up again and again, and on which nothing is
/// ever answered, is not well at the moments in between. Pure; owned by its link.
/// </summary>
internal sealed class ConnectionTally
{
    private bool _hasSent;
    private bool _isAnswered;

    /// <summary>So many connections in a row ended with messages sent on them and none answered; none was answered since.</summary>
    public int Fruitless { get; private set; }

    /// <summary>The largest batch that was acknowledged on this connection.</summary>
    public int AcknowledgedBytesMax { get; private set; }

    public void Begin()
    {
        _hasSent = _isAnswered = false;
        AcknowledgedBytesMax = 0;
    }

    public void OnSent() => _hasSent = true;

    /// <summary>The peer has said what becomes of messages, or there is nothing on which it could.</summary>
    /// <param name="acknowledgedBytes">Of the largest batch that it acknowledged with that.</param>
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
