using Gateway.Client;

namespace Gateway.Tests.Crash;

/// <summary>
/// The actors of a series of kills, and the kills. The sending gateway copies each message to a consumer that can be killed, to one that
/// cannot, and to one of its own; the receiving gateway sends back what is made up there. Owned by one caller.
/// </summary>
internal sealed class KillSeries : IAsyncDisposable
{
    private const int DownMsMax = 150;
    private const int StartMsMax = 450;
    private const int ReceiptsMax = 150;

    private readonly TestGateway _sender;
    private readonly TestGateway _receiver;
    private readonly KillableConsumer _consumer;
    private readonly TestProducer[] _producers;
    private readonly Reckoning[] _reckonings;
    private readonly TestConsumer[] _consumers;
    private readonly GatewayClient[] _watches;
    private readonly Random _random;
    private readonly Action<string> _say;
    private readonly CancellationTokenSource _consumed = new();
    private readonly List<Task> _producing = [];
    private readonly List<Task> _consuming = [];

    public KillSeries(TestGateway sender, TestGateway receiver, string folder, int seed, Func<TestGateway, GatewayClient> newClient,
        Action<string> say)
    {
        Reckoning orders = new("orders"), audit = new("audit"), kept = new("kept"), back = new("back");
        _sender = sender;
        _receiver = receiver;
        _random = new Random(seed);
        _say = say;
        _reckonings = [orders, audit, kept, back];
        _consumer = new KillableConsumer(receiver.Address, "orders", folder, orders);
        _producers =
        [
            new TestProducer(newClient(sender), "trade", [orders, audit, kept], new Random(seed)),
            new TestProducer(newClient(receiver), "back@sender", [back], new Random(-seed)),
        ];
        _consumers =
        [
            new TestConsumer(newClient(receiver), "audit", audit),
            new TestConsumer(newClient(sender), "kept", kept),
            new TestConsumer(newClient(sender), "back", back),
        ];
        _watches = [newClient(sender), newClient(receiver)];
    }

    private enum Victim
    {
        Sender,
        Receiver,
        Both,
        Consumer,
    }

    private enum Moment
    {
        /// <summary>After some more receipts.</summary>
        InTraffic,

        /// <summary>Once more, as soon as the first thing after the start was confirmed to an application.</summary>
        AfterFirstConfirmation,

        /// <summary>Once more, while it starts.</summary>
        WhileStarting,
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _sender.Start();
        _receiver.Start();
        _consumer.Start();
        _producing.AddRange(_producers.Select(producer => Task.Run(() => producer.RunAsync(_consumed.Token), CancellationToken.None)));
        _consuming.AddRange(_consumers.Select(consumer => Task.Run(() => consumer.RunAsync(_consumed.Token), CancellationToken.None)));
        await ComeThroughAsync(cancellationToken);
    }

    /// <summary>One kill, or two in a row. Returns when messages come through again in all queues.</summary>
    public async Task RoundAsync(int round, CancellationToken cancellationToken)
    {
        var victim = (Victim)_random.Next(4);
        var moment = victim == Victim.Consumer ? Moment.InTraffic : (Moment)_random.Next(3);
        _say($"round {round}: {victim} {moment}; so far "
            + $"{string.Join(", ", _reckonings.Select(reckoning => $"{reckoning.AcceptedTally.Count}/{reckoning.CompletedTally.Count}"))}");

        await OrFailAsync(_producers[0].Receipts.MoreAsync(_random.Next(1, ReceiptsMax), cancellationToken));
        await KillAsync(victim);
        await Task.Delay(_random.Next(DownMsMax), cancellationToken);

        if (moment == Moment.AfterFirstConfirmation)
        {
            var confirmed = FirstConfirmationAsync(victim, cancellationToken);
            Start(victim);
            await OrFailAsync(confirmed);
            await KillAsync(victim);
        }
        else if (moment == Moment.WhileStarting)
        {
            Start(victim);
            await Task.Delay(_random.Next(StartMsMax), cancellationToken);
            await KillAsync(victim);
        }

        Start(victim);
        await ComeThroughAsync(cancellationToken);
    }

    /// <summary>Lets the producers finish, and returns when every message has been completed and both gateways are empty.</summary>
    public async Task FinishAsync(CancellationToken cancellationToken)
    {
        foreach (var producer in _producers)
            producer.Finish();
        await OrFailAsync(Task.WhenAll(_producing));

        await ProcessTest.UntilAsync("both gateways are empty", async () =>
        {
            RequireAlive();
            var views = await Task.WhenAll(_watches.Select(watch => OperatorView.StateAsync(watch, cancellationToken)));
            return views.All(view => view.Messages() == 0);
        });
        await ProcessTest.UntilAsync("the consumers have noted their last messages",
            () => _reckonings.All(reckoning => reckoning.Backlog == 0));
        await _consumer.KillAsync();
        await _consumed.CancelAsync();
        await Task.WhenAll(_consuming);

        var deadLetters = await Task.WhenAll(_watches.Select(watch => OperatorView.StateAsync(watch, cancellationToken)));
        if (deadLetters.Sum(view => view.DeadLetters) is > 0 and var count)
            throw new InvalidOperationException($"{count} messages have become dead letters.");
        _say($"at the end "
            + $"{string.Join(", ", _reckonings.Select(reckoning => $"{reckoning.AcceptedTally.Count}/{reckoning.CompletedTally.Count}"))}");
    }

    public IReadOnlyList<string> Faults() => [.. _reckonings.SelectMany(reckoning => reckoning.Faults())];

    public async ValueTask DisposeAsync()
    {
        await _consumed.CancelAsync();
        await Task.WhenAll([.. _producing, .. _consuming]).ContinueWith(_ => { }, TaskScheduler.Default);
        await _consumer.DisposeAsync();
        _consumed.Dispose();
    }

    private async Task KillAsync(Victim victim)
    {
        RequireAlive();
        await (victim switch
        {
            Victim.Sender => _sender.KillAsync(),
            Victim.Receiver => _receiver.KillAsync(),
            Victim.Consumer => _consumer.KillAsync(),
            _ => Task.WhenAll(_sender.KillAsync(), _receiver.KillAsync()),
        });
    }

    private void Start(Victim victim)
    {
        if (victim is Victim.Sender or Victim.Both)
            _sender.Start();
        if (victim is Victim.Receiver or Victim.Both)
            _receiver.Start();
        if (victim is Victim.Consumer)
            _consumer.Start();
    }

    /// <summary>A receipt of the sending gateway; of the receiving one a receipt or a completion, whichever comes first.</summary>
    private Task FirstConfirmationAsync(Victim victim, CancellationToken cancellationToken) => victim == Victim.Receiver
        ? Task.WhenAny(_producers[1].Receipts.MoreAsync(1, cancellationToken),
            _reckonings[1].CompletedTally.MoreAsync(1, cancellationToken))
        : _producers[0].Receipts.MoreAsync(_random.Next(1, 4), cancellationToken);

    private Task ComeThroughAsync(CancellationToken cancellationToken) => OrFailAsync(Task.WhenAll(
        _reckonings.Select(reckoning => reckoning.FirstTally.MoreAsync(1, cancellationToken))));

    /// <summary>Waits, but not for ever when a producer or consumer has failed: that is then the failure of the test.</summary>
    private async Task OrFailAsync(Task task)
    {
        var failed = Task.WhenAny([.. _producing, .. _consuming]).Unwrap();
        if (await Task.WhenAny(task, failed) == failed)
            await failed;
        await task;
    }

    private void RequireAlive()
    {
        foreach (var gateway in new[] { _sender, _receiver })
        {
            if (gateway.Process.Ended.IsCompleted)
                throw new InvalidOperationException($"The gateway {gateway.Name} ended by itself: {gateway.Process.Errors}");
        }
    }
}
