using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Gateway.Store.Commands;
using Gateway.Store.Messages;
using Gateway.Store.State;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Links;

/// <summary>
/// A machine that was put back within its run gives numbers again that the peer knows, and has sent them on the connection that it had:
/// then neither runs nor numbers tell the two histories apart, and only the message at the peer's position does.
/// </summary>
public sealed class PositionCheckTests
{
    private const uint Other = 0x0102_0304;

    private static readonly QueueId _orders = QueueId.Outgoing("orders", "there");

    private readonly LinkBench _bench = new();

    [Fact]
    public void Position_OfAnotherMessage_ThatThisRunHasSent_IsAForkedStore_AndNothingIsDropped()
    {
        var check = SendInVain("1", "2", "3");
        ComeBack(3, check ^ 1);

        _bench.Link.Status.ShouldSatisfyAllConditions(
            status => status.State.ShouldBe(LinkState.Down),
            status => status.Cause.ShouldBe(LinkCause.StoreForked),
            status => status.Evidence.ShouldContain("number 3 of queue orders is another message at the peer than here"));
        _bench.Waiting("orders").ShouldBe(3);
        _bench.TakeSent().ShouldNotContain(frame => frame is LinkFrame.Batch);
    }

    [Fact]
    public void Position_OfTheSameMessage_IsAnAcknowledgement()
    {
        var check = SendInVain("1", "2", "3");
        ComeBack(3, check);

        _bench.Link.Status.State.ShouldBe(LinkState.Up);
        _bench.Waiting("orders").ShouldBe(0);
    }

    [Fact]
    public void Opening_ThatWasNeverAnswered_WithItsNumberOfAnotherMessage_IsAForkedStore()
    {
        _bench.Up();
        _bench.Enqueue("orders", "1", "2", "3");
        var check = CheckOf(3);
        _bench.TakeSent().OfType<LinkFrame.Batch>().ShouldHaveSingleItem().Opens.ShouldBeTrue();
        _bench.Link.OnLost(LinkCause.ResetByPeer, "reset");
        ComeBack(3, check ^ 1);

        _bench.Link.Status.Cause.ShouldBe(LinkCause.StoreForked);
        _bench.Waiting("orders").ShouldBe(3);
    }

    [Fact]
    public void Position_OfAFormerRun_IsComparedToo()
    {
        _bench.Enqueue("orders", "1", "2", "3");
        var later = new LinkBench(_bench.Store);
        later.Link.AddKnownQueue(_orders, 3, sent: null);
        ComeBack(later, 3, Other);

        later.Link.Status.Cause.ShouldBe(LinkCause.StoreForked);
        later.Waiting("orders").ShouldBe(3);
    }

    [Fact]
    public void Position_UpToWhatIsAcknowledged_NeedsNoComparison()
    {
        _bench.Enqueue("orders", "1", "2", "3");
        _bench.Link.AddKnownQueue(QueueId.Outgoing("bills", "there"), 9, sent: null, acknowledged: 9);
        _bench.Up(null, ("bills", 9), ("orders", 0));

        _bench.Store.Submitted.ShouldNotContain(command => command is ComparePositionsCommand);
        _bench.Link.Status.State.ShouldBe(LinkState.Up);
    }

    [Fact]
    public void AForkedStore_StaysSo_InLaterRuns_WithoutBeingUpInBetween()
    {
        _bench.Enqueue("orders", "1", "2", "3");
        _bench.Link.AddKnownQueue(QueueId.Outgoing("bills", "there"), 1, sent: null);
        var known = new KnownRun(1, _bench.Self.Incarnation, "here") { Group = 1 };
        _bench.Link.Past.Runs = RunList.Empty.With(new StoreRun(1, _bench.Self.Incarnation, 1));
        _bench.Link.Past.Send(5);
        var check = SendInVain("4");
        ComeBack(_bench, 4, check ^ 1, known);
        _bench.Link.Status.Cause.ShouldBe(LinkCause.StoreForked);

        var later = new LinkBench(_bench.Store);
        later.Link.RestoreKnown(null, null, _bench.Store.State.Marks[MarkNames.ForeignToPeer + "there"]);
        ComeBack(later, 4, check ^ 1, known);
        later.Link.Status.Cause.ShouldBe(LinkCause.StoreForked);
        later.Asked.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Position_WhereNothingWaits_ThoughBeforeItSomethingDoes_WasNeverSent_UnlessARepairHasLostIt(bool isRepaired)
    {
        _bench.Enqueue("orders", "1", "2", "3", "4");
        _bench.Store.Submit(new PurgeCommand(_orders, [3], _ => { }));
        _bench.Store.Run();
        var runs = RunList.Empty.With(new StoreRun(1, Guid.NewGuid(), 1));
        _bench.Link.Past.Runs = isRepaired ? runs.With(new StoreRun(1_900_000_000, Guid.NewGuid(), 1)) : runs;
        SendInVain();
        ComeBack(3, Other);

        _bench.Link.Status.State.ShouldBe(isRepaired ? LinkState.Up : LinkState.Down);
        if (!isRepaired) _bench.Link.Status.Evidence.ShouldContain("where it was never sent");
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Position_OfAMessageThatAnOperatorTookOut_ThoughItWasPerhapsSent_IsBelieved(long taken)
    {
        SendInVain("1", "2", "3", "4");
        _bench.Store.Submit(new NoteTakenCommand(_orders, taken));
        _bench.Store.Submit(new NoteTakenCommand(_orders, 1));
        _bench.Store.Submit(new PurgeCommand(_orders, [taken], _ => { }));
        _bench.Store.Run();
        ComeBack(taken, Other);

        _bench.Link.Status.State.ShouldBe(LinkState.Up);
        _bench.Waiting("orders").ShouldBe(4 - (int)taken);
    }

    [Fact]
    public void Position_AboveWhatAnOperatorTookOut_WhereNothingWaits_WasNeverSent()
    {
        _bench.Enqueue("orders", "1", "2", "3", "4");
        _bench.Store.Submit(new PurgeCommand(_orders, [3], _ => { }));
        SendInVain();
        _bench.Store.Submit(new NoteTakenCommand(_orders, 2));
        _bench.Store.Submit(new PurgeCommand(_orders, [2], _ => { }));
        _bench.Store.Run();
        ComeBack(3, Other);

        _bench.Link.Status.Cause.ShouldBe(LinkCause.StoreForked);
    }

    [Fact]
    public void Position_OfAMessageThatIsDamagedHere_IsBelieved()
    {
        _bench.Enqueue("orders", "1");
        _bench.Enqueue("orders", "2");
        _bench.Store.Damage(_orders, 2);
        var later = new LinkBench(_bench.Store);
        later.Link.AddKnownQueue(_orders, 2, sent: null);
        ComeBack(later, 2, Other);

        later.Link.Status.State.ShouldBe(LinkState.Up);
        later.Waiting("orders").ShouldBe(0);
    }

    [Fact]
    public void AConnectionThatEndsMeanwhile_TakesTheAnswerWithIt()
    {
        var check = SendInVain("1", "2", "3");
        Connect(_bench, 3, check, known: null);
        _bench.Link.OnLost(LinkCause.ResetByPeer, "reset");
        _bench.Store.Run();

        _bench.Waiting("orders").ShouldBe(3);
        ComeBack(3, check);
        _bench.Waiting("orders").ShouldBe(0);
    }

    [Fact]
    public void TheTimeThatTheComparisonTakes_IsNotThePeers()
    {
        var check = SendInVain("1", "2", "3");
        Connect(_bench, 3, check, known: null);
        for (var i = 0; i < 100; i++)
        {
            _bench.After(TimeSpan.FromSeconds(1));
            _bench.Link.OnFrame(new LinkFrame.Pong(0, _bench.Clock.NowUnixMs));
        }

        _bench.Link.Status.State.ShouldBe(LinkState.Up);
    }

    [Fact]
    public void ABatch_TellsWhichMessageItFollows_AlsoWhenItIsSentAgain()
    {
        _bench.UpWith(LinkBench.Limits, "orders", "1", "2");
        var (second, third) = (CheckOf(2), 0u);
        _bench.Enqueue("orders", "3");
        third = CheckOf(3);
        _bench.Store.Run();
        _bench.Enqueue("orders", "4");
        _bench.Store.Run();
        Checks().ShouldBe([0, second, third]);

        _bench.Link.OnFrame(new LinkFrame.Resend("orders", 2));
        _bench.Store.Run();
        Checks().ShouldBe([second]);
        _bench.Link.OnFrame(new LinkFrame.Ack("orders", 2));
        _bench.Link.OnFrame(new LinkFrame.Resend("orders", 2));
        _bench.Store.Run();
        Checks().ShouldBe([second]);
        _bench.Link.OnFrame(new LinkFrame.Full("orders", 2, 10, "full"));
        _bench.After(TimeSpan.FromMilliseconds(20));
        _bench.Store.Run();
        Checks().ShouldBe([second]);
    }

    [Fact]
    public void APeerThatDoesNotTakeWhatFollows_HasAnotherHistory()
    {
        _bench.UpWith(LinkBench.Limits, "orders", "1", "2");
        _bench.Link.OnFrame(new LinkFrame.Positions([new QueuePosition("orders", 2, Other)]));

        _bench.Link.Status.Cause.ShouldBe(LinkCause.StoreForked);
        _bench.Waiting("orders").ShouldBe(2);
    }

    private uint CheckOf(long number) => CheckOf(_bench, number);

    private static uint CheckOf(LinkBench bench, long number)
    {
        StoredMessage? found = null;
        bench.Store.Submit(new ReadOneCommand(_orders, number, done => found = done.Found));
        bench.Store.Run();
        return MessageCheck.Of(found!.Message);
    }

    private List<uint> Checks() => [.. _bench.TakeSent().OfType<LinkFrame.Batch>().Select(batch => batch.PreviousCheck)];

    /// <summary>Up to the last message all is sent on a connection that is lost with the answers. Gives its check.</summary>
    private uint SendInVain(params string[] bodies)
    {
        if (bodies.Length > 0) _bench.Enqueue("orders", bodies);
        var last = _bench.Store.State.Find(_orders)!.LastNumber;
        _bench.Up();
        _bench.Store.Run();
        _bench.TakeSent();
        _bench.Link.OnLost(LinkCause.ResetByPeer, "reset");
        _bench.Store.Run();
        return CheckOf(last);
    }

    private void ComeBack(long position, uint check) => ComeBack(_bench, position, check);

    private static void ComeBack(LinkBench bench, long position, uint check, KnownRun? known = null)
    {
        Connect(bench, position, check, known);
        bench.Store.Run();
    }

    private static void Connect(LinkBench bench, long position, uint check, KnownRun? known)
    {
        if (bench.Dials == 0) bench.Link.Start();
        bench.After(TimeSpan.FromMinutes(1));
        bench.Link.OnConnected();
        bench.TakeSent();
        bench.Link.OnFrame(new LinkFrame.Welcome(LinkBench.There, LinkBench.Limits, 0) { Known = known });
        if (bench.Asked.Count == 0) return;
        bench.Link.OnFrame(new LinkFrame.Positions([.. bench.Asked.Last().Queues.Select(queue =>
            queue == "orders" ? new QueuePosition(queue, position, check) : new QueuePosition(queue, 0))]));
    }
}
