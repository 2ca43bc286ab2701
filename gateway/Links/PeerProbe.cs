using Gateway.Links.Protocol;

namespace Gateway.Links;

/// <summary>
/// The accepting side of one probe: answers what a peer asks to measure the way. It touches no link, and is bounded in bytes and time. A
/// pure state machine, owned by the loop.
/// </summary>
internal sealed class PeerProbe(string peer, TimeSpan silence, LoopClock clock, IWayBack wayBack, IProbeOutput output)
{
    /// <summary>The time that a probe may take, beside its announced silence.</summary>
    public static readonly TimeSpan TimeMax = TimeSpan.FromMinutes(1);

    /// <summary>The padding that may go both ways on one probe.</summary>
    public const long BytesMax = 1024L * 1024 * 1024;

    /// <summary>The answers that may wait for the caller to read them.</summary>
    public const int WaitingBytesMax = 1024 * 1024;

    /// <summary>The caller can read the reason before the connection ends.</summary>
    private static readonly TimeSpan _farewell = TimeSpan.FromSeconds(1);

    private readonly TimeSpan _ends = clock.Uptime + silence + TimeMax;
    private TimeSpan? _hangsUp;
    private long _bytes;
    private bool _hasDialed;

    /// <summary>The name that the caller has proved.</summary>
    public string Peer => peer;

    /// <summary>The caller may ask nothing more.</summary>
    public bool IsOver => _hangsUp is not null;

    /// <summary>The time of the next tick, in the loop's uptime.</summary>
    public TimeSpan NextTick => _hangsUp ?? _ends;

    public void OnFrame(ProbeFrame? frame)
    {
        switch (frame)
        {
            case var _ when IsOver: break;
            case ProbeFrame.Echo echo: OnEcho(echo); break;
            case ProbeFrame.DialBack when !_hasDialed:
                _hasDialed = true;
                wayBack.Go(peer, dialed =>
                {
                    if (!IsOver) output.Send(dialed);
                });
                break;
            default: End("a frame does not belong here"); break;
        }
    }

    /// <summary>The connection ended.</summary>
    public void OnLost() => _hangsUp ??= clock.Uptime;

    public void Tick()
    {
        if (_hangsUp is { } due && clock.Uptime >= due)
        {
            _hangsUp = TimeSpan.MaxValue;
            output.HangUp();
        }
        else if (!IsOver && clock.Uptime >= _ends)
        {
            End($"a probe may take {Figures.Span(TimeMax)}, beside the silence that it announces");
        }
    }

    /// <summary>Tells the caller why nothing more is answered, and ends the connection soon after.</summary>
    public void End(string text)
    {
        if (IsOver) return;
        output.Send(new ProbeFrame.ProbeOver(text));
        _hangsUp = clock.Uptime + _farewell;
    }

    private void OnEcho(ProbeFrame.Echo echo)
    {
        _bytes += echo.PadBytes + echo.AnswerPadBytes;
        if (_bytes > BytesMax) End($"a probe may send and ask for {Figures.Bytes(BytesMax)}");
        else if (output.WaitingBytes + echo.AnswerPadBytes > WaitingBytesMax) End("the answers were asked for, and are not read");
        else output.Send(new ProbeFrame.Echoed(echo.Token, echo.AnswerPadBytes));
    }
}
