using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Gateway.Client;
using Gateway.Composition;
using Gateway.Store;
using Gateway.Store.Commands;
using Gateway.Tests.Store;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Composition;

/// <summary>The loop with its real thread and sockets, before a store whose commands are executed when the test says so.</summary>
public sealed class GatewayLoopTests : IStoreInput, IAsyncDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan _long = TimeSpan.FromHours(1);

    private readonly TestStore _store = new(StoreEngine.Memory);
    private readonly BlockingCollection<StoreCommand> _submitted = [];
    private readonly GatewayLoop _loop;
    private bool _isEnded;

    public GatewayLoopTests() => _loop = TestLoop.Make(this, NullLoggerFactory.Instance);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private int Port => new Uri(_loop.IntakeAddress).Port;

    void IStoreInput.Submit(StoreCommand command) => _submitted.Add(command);

    public async ValueTask DisposeAsync()
    {
        if (!_isEnded) await _loop.EndAsync();
        _loop.Dispose();
        _store.Dispose();
        _submitted.Dispose();
    }

    [Fact]
    public async Task Start_IsDone_AndListens_OnlyWhenTheStoreHasToldWhatIsInIt()
    {
        var starting = _loop.StartAsync();
        var first = Submitted(2);
        starting.IsCompleted.ShouldBeFalse();

        Execute(first);
        await starting.WaitAsync(_patience, Token);

        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, Port, Token);
    }

    [Fact]
    public async Task AReceipt_IsGiven_OnlyWhenTheStoreHasExecutedItsCommand()
    {
        await StartAsync();
        await using var client = NewClient();

        var receipt = client.EnqueueAsync("q@local", "one"u8.ToArray(), cancellationToken: Token).AsTask();
        var command = SubmittedEnqueue();
        receipt.IsCompleted.ShouldBeFalse();
        Execute(command);

        (await receipt.WaitAsync(_patience, Token)).MessageId.ShouldNotBe(default);
    }

    [Fact]
    public async Task Commands_OfOneGroup_AreCompletedInOrder_OverManyTurns()
    {
        const int Commands = 200;
        await StartAsync();
        var completed = new ConcurrentQueue<string>();
        using var over = new CountdownEvent(Commands);
        var group = Enumerable.Range(0, Commands).Select(number => new Slow(() =>
        {
            completed.Enqueue($"{number}");
            over.Signal();
        })).ToList();

        _loop.OnExecuted(group);
        over.Wait(_patience, Token).ShouldBeTrue();

        completed.ShouldBe(Enumerable.Range(0, Commands).Select(number => $"{number}"));
    }

    [Fact]
    public async Task Stop_TakesNothingMore_AndWaitsForWhatItHasTaken()
    {
        await StartAsync();
        await using var client = NewClient();
        var receipt = client.EnqueueAsync("q@local", "one"u8.ToArray(), cancellationToken: Token).AsTask();
        var command = SubmittedEnqueue();

        var stopping = _loop.StopAsync(_long);
        _isEnded = true;
        stopping.IsCompleted.ShouldBeFalse();
        Execute(command);
        await receipt.WaitAsync(_patience, Token);
        await stopping.WaitAsync(_patience, Token);

        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await Should.ThrowAsync<SocketException>(async () => await socket.ConnectAsync(IPAddress.Loopback, Port, Token));
    }

    [Fact]
    public async Task Stop_WhoseTimeIsOver_DoesNotWaitForTheStore()
    {
        await StartAsync();
        await using var client = NewClient();
        _ = client.EnqueueAsync("q@local", "one"u8.ToArray(), cancellationToken: Token).AsTask();
        SubmittedEnqueue();

        var stopping = _loop.StopAsync(TimeSpan.FromMilliseconds(1));
        _isEnded = true;

        await stopping.WaitAsync(_patience, Token);
    }

    private async Task StartAsync()
    {
        var starting = _loop.StartAsync();
        Execute(Submitted(2));
        await starting.WaitAsync(_patience, Token);
    }

    /// <summary>The next message that the loop gives to the store; all else that it asks is done.</summary>
    private List<StoreCommand> SubmittedEnqueue()
    {
        while (true)
        {
            var next = Submitted(1);
            if (next is [EnqueueCommand]) return next;
            Execute(next);
        }
    }

    /// <summary>The next commands that the loop gives to the store.</summary>
    private List<StoreCommand> Submitted(int count)
    {
        var commands = new List<StoreCommand>();
        while (commands.Count < count)
        {
            _submitted.TryTake(out var command, (int)_patience.TotalMilliseconds, Token).ShouldBeTrue("the loop asks nothing of the store");
            commands.Add(command!);
        }

        return commands;
    }

    private void Execute(List<StoreCommand> commands)
    {
        _store.Store.Execute(commands);
        _loop.OnExecuted(commands);
    }

    private GatewayClient NewClient() =>
        new(new GatewayClientOptions { Address = _loop.IntakeAddress, ApplicationName = "test", RequestTimeout = _patience });

    /// <summary>A command whose completion takes a while of the loop's time.</summary>
    private sealed class Slow(Action completed) : StoreCommand
    {
        public override void Complete()
        {
            var began = TimeProvider.System.GetTimestamp();
            while (TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromMilliseconds(2)) Thread.SpinWait(100);
            completed();
        }
    }
}
