using Gateway.Client.Wire;
using Gateway.Composition;
using Gateway.Inbox;
using Gateway.Intake;
using Gateway.Links.Protocol;
using Gateway.Links.Sending;
using Gateway.Store;
using Gateway.Store.Commands;
using Gateway.Store.Messages;
using Gateway.Telemetry;
using Gateway.Tests.Intake;
using Gateway.Tests.Links;
using Gateway.Tests.Management;
using Gateway.Tests.Store;
using Gateway.Tests.Tcp.Inlets;
using Gateway.Tests.Tcp.Outlets;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Composition;

/// <summary>A gateway to which nothing happens asks nothing of its store, and misses nothing by that.</summary>
public sealed class CoreAtRestTests : IStoreInput, IDisposable
{
    private static readonly DateTimeOffset _start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan _step = TimeSpan.FromSeconds(1);

    private readonly LoopClock _clock = new();
    private readonly TestStore _store = new(StoreEngine.Memory, new StoreSettings { EmptyQueuesKept = 0 });
    private readonly List<StoreCommand> _submitted = [];
    private readonly GatewayCore _core;
    private int _looks;

    public CoreAtRestTests()
    {
        _clock.Advance(_start, TimeSpan.Zero);
        _core = new GatewayCore(
            new GatewayIdentity("here", TestStore.FirstId, Guid.NewGuid(), 1, 1),
            new GatewaySettings(
                new IntakeSettings { Limits = new WireLimits() },
                new LinkSettings { Limits = LinkBench.Limits },
                new InboxSettings(),
                new HashSet<string> { "there" },
                new Dictionary<string, Route>()),
            _clock,
            this,
            new Dictionary<string, ILinkConnection> { ["there"] = new NoConnection() },
            new NoWayBack(),
            new NoTargets(),
            new NoDoors(),
            new QuietShell(),
            new Random(1),
            NoTelemetry.Instance,
            NullLoggerFactory.Instance);
        _core.Start(() => { });
        Execute();
        _core.Connect();
    }

    private int DeadLetters => _store.State.DeadLettersAfter(0).Count();

    public void Dispose() => _store.Dispose();

    [Fact]
    public void TheStore_IsNotAskedWhatExpires_AsLongAsItDoesNothing()
    {
        Pass(TimeSpan.FromMinutes(9));

        _looks.ShouldBeInRange(1, 3);
    }

    [Fact]
    public void TheStore_IsAskedAgain_WhenItHasDoneSomething()
    {
        Pass(TimeSpan.FromMinutes(1));
        var before = _looks;

        Submit(new MarkCommand("a", "b", done: null));
        Pass(TimeSpan.FromMinutes(1));

        _looks.ShouldBeInRange(before + 1, before + 3);
    }

    [Fact]
    public void AMessage_ExpiresInTime_ThoughNothingElseHappens()
    {
        Enqueue("q@here", expiresAfter: TimeSpan.FromHours(1));

        Pass(TimeSpan.FromHours(1) - (2 * _step));
        DeadLetters.ShouldBe(0);
        _looks.ShouldBeLessThan(20, "that the gateway runs is noted every ten minutes");
        Pass(4 * _step);

        DeadLetters.ShouldBe(1);
    }

    [Fact]
    public void AMessage_Expires_WhenTheWallClockIsSetForward()
    {
        Enqueue("q@here", expiresAfter: TimeSpan.FromHours(1));
        Pass(TimeSpan.FromMinutes(1));

        _clock.Advance(_clock.Now.AddHours(2), _clock.Uptime);
        Pass(4 * _step);

        DeadLetters.ShouldBe(1);
    }

    [Fact]
    public void WhatWasEmptiedLast_AndTheStoreHasForgotten_IsForgottenHereToo()
    {
        Enqueue("q@there", expiresAfter: TimeSpan.FromMinutes(1));
        _core.Outgoing["there"].UnderWay.Remembered.ShouldBe(1);
        Pass(TimeSpan.FromMinutes(2));
        var letter = _store.State.DeadLettersAfter(0).ShouldHaveSingleItem();

        // With its last dead letter the queue goes.
        Submit(new PurgeCommand(queue: null, [letter.Number], _ => { }));
        Pass(TimeSpan.FromMinutes(1));

        _core.Outgoing["there"].UnderWay.Remembered.ShouldBe(0);
    }

    [Fact]
    public void WhatTheStoreForgetsTogetherWithALook_IsForgottenHereToo()
    {
        Enqueue("q@there", expiresAfter: TimeSpan.FromMinutes(1));
        Pass(TimeSpan.FromMinutes(2));
        var letter = _store.State.DeadLettersAfter(0).ShouldHaveSingleItem();
        Submit(new MarkCommand("a", "b", done: null));
        Execute();

        // In one group with the look, which is made before the store forgets what the group has emptied.
        _clock.Advance(_clock.Now + (2 * _step));
        Submit(new PurgeCommand(queue: null, [letter.Number], _ => { }));
        _core.Tick();
        Execute();
        Pass(TimeSpan.FromMinutes(1));

        _core.Outgoing["there"].UnderWay.Remembered.ShouldBe(0);
    }

    void IStoreInput.Submit(StoreCommand command) => Submit(command);

    private void Submit(StoreCommand command)
    {
        if (command is ExpireCommand) _looks++;
        _submitted.Add(command);
    }

    private void Execute()
    {
        while (_submitted.Count > 0)
        {
            var group = _submitted.ToList();
            _submitted.Clear();
            _store.Store.Execute(group);
            _core.OnExecuted(group);
        }
    }

    /// <summary>As in the loop: there is no tick before something is due, but one a second, since clocks may be set.</summary>
    private void Pass(TimeSpan time)
    {
        for (var end = _clock.Uptime + time; _clock.Uptime < end;)
        {
            var rest = _core.NextTick - _clock.Uptime;
            if (rest > _step) rest = _step;
            if (rest < _step / 20) rest = _step / 20;
            _clock.Advance(_clock.Now + rest);
            _core.Tick();
            Execute();
        }
    }

    private void Enqueue(string destination, TimeSpan expiresAfter)
    {
        Send(new Request.Hello(ClientSessions.ProtocolVersion, "test"));
        Send(new Request.Enqueue(RequestId.FromNumber(1), destination,
            [new EnqueueItem(null, default, (_clock.Now + expiresAfter).ToUnixTimeMilliseconds(), "body"u8.ToArray())]));
        Execute();
    }

    private void Send(Request request) =>
        _core.OnClientFrames("c", RequestCodec.Encode(request).Select(frame => frame.ToArray()).ToList(), new SentReplies());

    /// <summary>To a peer that never answers.</summary>
    private sealed class NoConnection : ILinkConnection
    {
        public void Dial(IDialedLink link)
        {
        }

        public bool TryDialNext(IDialedLink link) => false;

        public void HangUp()
        {
        }

        public void Send(LinkFrame frame)
        {
        }

        public void Drill(DrillKind kind, TimeSpan duration)
        {
        }
    }
}
