using System.Net;
using System.Text;
using Gateway.Links.Protocol;
using Gateway.Tcp;
using Gateway.Tcp.Framing;
using Gateway.Tcp.Inlets;
using Gateway.Transport.Accepting;
using Gateway.Transport.Plain;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Tests.Transport.Plain;

/// <summary>An inlet's listener, and what it reports, for a test that waits for it; in the place of the loop.</summary>
internal sealed class HeardPrograms : HeardLoop, IVisitors, IAsyncDisposable
{
    private readonly InletDoors _doors;

    public HeardPrograms(
        InletSettings? settings = null, TimeProvider? time = null, long memoryBytes = 64 * 1024 * 1024, bool isHeld = false)
    {
        Memory = new MemoryBudget(memoryBytes);
        _doors = new InletDoors(this, Memory, time ?? TimeProvider.System, NullLoggerFactory.Instance);
        Opening = Open(settings ?? Settings(), isHeld);
    }

    /// <summary>Called for each connection, before it is read.</summary>
    public Action<HeardProgram> OnAccepted { get; set; } = _ => { };

    /// <summary>What all programs may hold together.</summary>
    public MemoryBudget Memory { get; }

    public InletOpening Opening { get; }

    public IPEndPoint End => IPEndPoint.Parse(Opening.Address["tcp://".Length..]);

    public List<HeardProgram> All { get; } = [];

    public long Refused { get; private set; }

    public bool IsClosed { get; private set; }

    public static InletSettings Settings(FrameFormat? format = null, int port = 0) =>
        new("in", $"tcp://127.0.0.1:{port}", "q@there", format ?? new FrameFormat.Delimiter(1024, "\n"u8.ToArray()));

    public InletOpening Open(InletSettings settings, bool isHeld = false) => _doors.Open(settings, this, isHeld);

    /// <inheritdoc cref="HeardLoop.UntilAsync"/>
    public Task UntilAsync(Func<HeardPrograms, bool> condition) => UntilAsync(() => condition(this));

    public async ValueTask DisposeAsync() => await _doors.EndAsync();

    IProgram IVisitors.OnAccepted(IProgramConnection connection, string host, string remote)
    {
        var program = new HeardProgram(connection, remote);
        All.Add(program);
        OnAccepted(program);
        return program;
    }

    void IVisitors.OnRefused(long connections) => Refused += connections;

    void IVisitors.OnDoorClosed() => IsClosed = true;
}

/// <summary>What was heard of one program.</summary>
internal sealed class HeardProgram(IProgramConnection connection, string remote) : IProgram
{
    public IProgramConnection Connection => connection;

    public string Remote => remote;

    /// <summary>The first frames.</summary>
    public string Frames { get; private set; } = "";

    public int Count { get; private set; }

    public long Bytes { get; private set; }

    public InputEnd? End { get; private set; }

    public string Piece => End is null ? "" : Encoding.UTF8.GetString(End.Piece.Span);

    public long Written { get; private set; }

    public long Acknowledged { get; private set; }

    public string? Lost { get; private set; }

    public LinkCause LostBy { get; private set; }

    /// <summary>Deals with what has come.</summary>
    public void TakeAll()
    {
        connection.Take(Count, Bytes);
        (Count, Bytes) = (0, 0);
    }

    void IProgram.OnFrames(IReadOnlyList<ReadOnlyMemory<byte>> frames)
    {
        Count += frames.Count;
        Bytes += frames.Sum(frame => (long)frame.Length);
        foreach (var frame in frames.Where(_ => Frames.Length < 1000)) Frames += Encoding.UTF8.GetString(frame.Span) + "|";
    }

    void IProgram.OnInputEnded(InputEnd end) => End = end;

    void IProgram.OnProgress(long written, long acknowledged) => (Written, Acknowledged) = (written, acknowledged);

    void IProgram.OnLost(LinkCause cause, string evidence) => (LostBy, Lost) = (cause, evidence);
}
