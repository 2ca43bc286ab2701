using Gateway.Links.Causes;

namespace Gateway.Tcp.Outlets;

/// <summary>An outlet whose one connection serves all conversations; it is kept open always. Pure.</summary>
internal sealed class SharedOutlet(OutletSettings settings, OutletParts parts, LinkHistory history) : Outlet(settings, parts, history)
{
    private TargetLine? _line;

    /// <summary>The conversation of the frame sent last: what the target sends on its own belongs to it.</summary>
    private ReplyAddress? _spokenTo;

    protected override IEnumerable<TargetLine> Lines => _line is null ? [] : [_line];

    protected override bool MayTake => _line is { IsUp: true };

    protected override long HeldBytesMax => Settings.WindowBytes;

    public override void Start() => Dial();

    public override void Tick()
    {
        if (_line is null && !IsClosed && Clock.Uptime >= NextDial) Dial();
        base.Tick();
    }

    public override void OnUp(TargetLine line, string remote, TargetProgram? program)
    {
        BeUp(remote, program);
        line.Open();
        Refill();
    }

    public override void OnSent(TargetLine line, OutletMessage message)
    {
        _spokenTo = message.ReplyTo ?? _spokenTo;
        base.OnSent(line, message);
    }

    public override void OnTargetFinished(TargetLine line) => throw new InvariantException("a stream has connections of its own");

    public override void OnHole(TargetLine line, string evidence, IReadOnlyList<OutletMessage> left) =>
        throw new InvariantException("a stream has connections of its own");

    public override void OnOver(TargetLine line, IReadOnlyList<OutletMessage> left) =>
        throw new InvariantException("a connection for all conversations has no end");

    public override void OnEnded(TargetLine line, TargetEnd end, IReadOnlyList<OutletMessage> left)
    {
        _line = null;
        NextDial = RetryAfter(line, end);
        BeDown(line, end, Doubt(left, end));
        Release(left);
    }

    /// <summary>The beginnings and ends of conversations mean nothing here.</summary>
    protected override void OnTaken(OutletMessage message)
    {
        if (message.Event.Length > 0) Complete(message);
        else _line!.Add(message);
    }

    protected override ReplyAddress? AddressOf(TargetLine line) => _spokenTo;

    private void Dial()
    {
        NextDial = TimeSpan.MaxValue;
        Standing.BeConnecting();
        _line = Dial("");
    }
}
