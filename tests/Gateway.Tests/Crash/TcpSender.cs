using System.Diagnostics;
using System.Globalization;

namespace Gateway.Tests.Crash;

/// <summary>What the sending program waits for before it sends its next frame.</summary>
internal enum TcpSenderWait
{
    Nothing = 0,

    /// <summary>The frame of the same number, as the receiving program sends it.</summary>
    SameNumber = 1,

    /// <summary>Any frame.</summary>
    AnyFrame = 2,
}

/// <summary>
/// The sending program of a test, <c>sender.c</c>: sends numbered frames to one port, to be killed and started again after the last frame
/// that is noted. It keeps what the program says of each. For one caller at a time.
/// </summary>
internal sealed class TcpSender(string program, string folder, string framing, int port, int sizeBytes, TcpSenderWait wait)
    : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly List<long> _sent = [];
    private readonly List<long> _acknowledged = [];
    private readonly List<(long Number, int Error)> _failures = [];
    private TestProcess? _process;

    /// <summary>Counts the frames that the system has taken from it, or that were acknowledged if it waits for that.</summary>
    public Tally Done { get; } = new();

    /// <summary>The numbers that <c>send</c> took, in their order; with a wait those that were acknowledged.</summary>
    public IReadOnlyList<long> Numbers
    {
        get
        {
            lock (_gate) return [.. wait == TcpSenderWait.Nothing ? _sent : _acknowledged];
        }
    }

    /// <summary>The frames at which it met an error, with the error's number.</summary>
    public IReadOnlyList<(long Number, int Error)> Failures
    {
        get
        {
            lock (_gate) return [.. _failures];
        }
    }

    /// <summary>Sends the frames up to <paramref name="last"/>, from the first that is not noted.</summary>
    public void Start(long last, int pauseUs)
    {
        var first = Numbers.LastOrDefault() + 1;
        _process = TestProcess.Start(
            new ProcessStartInfo(program,
                ["127.0.0.1", Text(port), framing, Text(first), Text(last), Text(sizeBytes), Text(pauseUs), Text((int)wait)]),
            Path.Combine(folder, "sender.log"),
            Note);
    }

    /// <summary>Returns when it has sent all its frames and closed its connection.</summary>
    public Task EndedAsync() => ProcessTest.InTimeAsync("the sender ends", _process!.Ended);

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        var process = _process!;
        _process = null;
        await process.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null) await KillAsync();
    }

    private void Note(string line)
    {
        var words = line.Split(' ');
        var number = long.Parse(words[1], CultureInfo.InvariantCulture);
        lock (_gate)
        {
            if (words[0] == "sent") _sent.Add(number);
            else if (words[0] == "acked") _acknowledged.Add(number);
            else _failures.Add((number, int.Parse(words[2], CultureInfo.InvariantCulture)));
        }

        if (words[0] == (wait == TcpSenderWait.Nothing ? "sent" : "acked")) Done.Add();
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
