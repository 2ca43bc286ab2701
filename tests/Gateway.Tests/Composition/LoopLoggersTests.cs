using Gateway.Composition;
using Gateway.Logging;
using Gateway.Store;
using Gateway.Tests.Crash;
using Gateway.Tests.Store;
using Gateway.Tests.Transport;
using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Composition;

/// <summary>Which of the lines that a loop writes are limited: those that strangers cause, and not those about a configured peer.</summary>
public sealed class LoopLoggersTests : IStoreInput, IAsyncDisposable
{
    private const string Peer = "far";

    private readonly Lock _gate = new();
    private readonly TestStore _store = new(StoreEngine.Memory);
    private readonly LogLines _log = new();
    private readonly ILoggerFactory _loggers;
    private readonly GatewayLoop _loop;
    private bool _isEnded;

    public LoopLoggersTests()
    {
        _loggers = LoggerFactory.Create(logging => logging.AddProvider(_log));
        // Nobody listens there: each attempt is refused.
        _loop = TestLoop.Make(this, _loggers, connectionsMax: 1000, new Dictionary<string, string> { [Peer] = "tcp://127.0.0.1:1" });
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        if (!_isEnded) await _loop.EndAsync();
        _loop.Dispose();
        _loggers.Dispose();
        _store.Dispose();
    }

    [Fact]
    public async Task LinesThatStrangersCause_AreLimited()
    {
        const int Knocks = 3 * LimitedLogger.LinesMax;
        await _loop.StartAsync();

        await Strangers.KnockAsync(new Uri(_loop.IntakeAddress).Port, Knocks);
        // All that was accepted has been cut then, and said so.
        await _loop.EndAsync();
        _isEnded = true;

        // A count is told with its last line.
        Count("Cut connection").ShouldBeInRange(LimitedLogger.LinesMax, LimitedLogger.LinesMax + 2);
    }

    [Fact]
    public async Task LinesAboutAConfiguredPeer_AreAllWritten()
    {
        // Of more the history of the link makes one.
        const int Pauses = 9;
        await _loop.StartAsync();
        // A pause while the first attempt is under way is no different from one after it, and the counts would not tell which it was.
        await UntilAsync($"Link to {Peer} is Down (Refused)", 1);

        for (var i = 1; i <= Pauses; i++)
        {
            await _loop.Management.PausePeerAsync(Peer, "", "test", Token);
            await UntilAsync($"Link to {Peer} is Paused", i);
            await _loop.Management.ResumePeerAsync(Peer, "test", Token);
            await UntilAsync($"Link to {Peer} is Down (Refused)", i + 1);
        }
    }

    private Task UntilAsync(string words, int count) =>
        ProcessTest.UntilAsync($"'{words}' is said {count} times", () => Count(words) >= count);

    private int Count(string words) => _log.Lines.Count(line => line.Contains(words, StringComparison.Ordinal));

    /// <summary>The store of these tests does at once what it is asked.</summary>
    void IStoreInput.Submit(StoreCommand command)
    {
        lock (_gate) _store.Store.Execute([command]);
        _loop.OnExecuted([command]);
    }
}
