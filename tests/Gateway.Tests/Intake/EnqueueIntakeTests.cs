using Gateway.Client;
using Gateway.Client.Wire;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Intake;

public sealed class EnqueueIntakeTests
{
    private static readonly MessageId _id = new(new Guid("01890a5d-ac96-774b-bcce-b302099a8057"));
    private readonly IntakeBench _bench = new IntakeBench().Hello();

    [Theory]
    [InlineData("orders@there", "outgoing orders@there")]
    [InlineData("orders@here", "inbound orders")]
    [InlineData("A.b_c-9@far", "outgoing A.b_c-9@far")]
    public void Enqueue_ADestination_IsPlacedInItsQueue(string destination, string queue)
    {
        _bench.Enqueue(destination, IntakeBench.Item());

        _bench.Take().ShouldHaveSingleItem().ShouldBeOfType<Reply.Accepted>();
        _bench.Placed.ShouldHaveSingleItem().Queue.ToString().ShouldBe(queue);
        _bench.Placed[0].Message.Message.Source.ShouldBe("here");
    }

    [Fact]
    public void Enqueue_ARoute_IsPlacedInEachQueue_WithOneId()
    {
        _bench.Enqueue("copies", IntakeBench.Item(), IntakeBench.Item());

        _bench.Take().ShouldHaveSingleItem().ShouldBeOfType<Reply.Accepted>().MessageIds.Count.ShouldBe(2);
        _bench.Placed.Select(placed => placed.Queue.ToString())
            .Distinct().ShouldBe(["outgoing orders@there", "outgoing orders@far", "inbound orders"]);
        _bench.Placed.Count.ShouldBe(6);
        _bench.Placed.Select(placed => placed.Message.Message.Id).Distinct().Count().ShouldBe(2);
    }

    [Fact]
    public void Enqueue_IsAnsweredOnlyWhenItIsDurable()
    {
        _bench.Enqueue("orders@there", IntakeBench.Item());
        _bench.TakeNow().ShouldBeEmpty();
        _bench.Enqueues.IsIdle.ShouldBeFalse();

        _bench.Take().Count.ShouldBe(1);
        _bench.Enqueues.IsIdle.ShouldBeTrue();
    }

    [Theory]
    [InlineData("", WireCode.BadDestination, "queue@peer")]
    [InlineData("@there", WireCode.BadDestination, "queue@peer")]
    [InlineData("orders@", WireCode.BadDestination, "queue@peer")]
    [InlineData("a@b@c", WireCode.BadDestination, "queue@peer")]
    [InlineData("-orders@there", WireCode.BadDestination, "starting with a letter or digit")]
    [InlineData("größe@there", WireCode.BadDestination, "queue@peer")]
    [InlineData("a1234567890123456789012345678901234567890123456789012345678901234@there", WireCode.BadDestination, "1 to 64")]
    [InlineData("orders@nowhere", WireCode.NoRoute, "far, there")]
    [InlineData("orders", WireCode.NoRoute, "orders@here")]
    public void Enqueue_AWrongDestination_IsRefusedWithHelp(string destination, object code, string help)
    {
        _bench.Enqueue(destination, IntakeBench.Item());

        var refused = _bench.TakeRejected();
        refused.Code.ShouldBe((WireCode)code);
        refused.Text.ShouldContain(help);
        _bench.Store.State.Queues.ShouldBeEmpty();
    }

    [Fact]
    public void Enqueue_AVeryLongDestination_IsNotRepeatedInFull()
    {
        _bench.Enqueue(new string('x', 500_000), IntakeBench.Item());

        _bench.TakeRejected().Text.Length.ShouldBeLessThan(1000);
    }

    [Fact]
    public void Enqueue_OverALimit_IsTooLarge_AndSaysWhich()
    {
        var bench = new IntakeBench(new WireLimits { BodyBytesMax = 10, HeadersBytesMax = 12, BatchMessagesMax = 3, BatchBytesMax = 15 })
            .Hello();
        bench.Enqueue("orders@there", IntakeBench.Item(new string('b', 11)));
        bench.TakeRejected().ShouldSatisfyAllConditions(
            refused => refused.Code.ShouldBe(WireCode.TooLarge), refused => refused.Text.ShouldContain("body of 11 bytes"));

        bench.Enqueue("orders@there", IntakeBench.Item(headers: """{"a":"12345"}"""));
        bench.TakeRejected().ShouldSatisfyAllConditions(
            refused => refused.Code.ShouldBe(WireCode.TooLarge), refused => refused.Text.ShouldContain("headers of 13 bytes"));

        bench.Enqueue("orders@there", IntakeBench.Item(), IntakeBench.Item(), IntakeBench.Item(), IntakeBench.Item());
        bench.TakeRejected().ShouldSatisfyAllConditions(
            refused => refused.Code.ShouldBe(WireCode.TooLarge), refused => refused.Text.ShouldContain("4 messages"));

        bench.Enqueue("orders@there", IntakeBench.Item(new string('b', 8)), IntakeBench.Item(new string('b', 8)));
        bench.TakeRejected().ShouldSatisfyAllConditions(
            refused => refused.Code.ShouldBe(WireCode.TooLarge), refused => refused.Text.ShouldContain("16 bytes"));

        bench.Enqueue("orders@there", IntakeBench.Item(new string('b', 10)));
        bench.Take().ShouldHaveSingleItem().ShouldBeOfType<Reply.Accepted>();
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("""{"a":1}""")]
    [InlineData("""{"a":{}}""")]
    [InlineData("""{"a":"b"} x""")]
    [InlineData("""{"a":"b" """)]
    [InlineData("""{"\ud800":"b"}""")]
    [InlineData("""{"a":"\ud800"}""")]
    [InlineData("x")]
    [InlineData("{\"a\":\"x\",\"a\":\"y\"}")]
    public void Enqueue_WrongHeaders_AreBadHeaders(string headers)
    {
        _bench.Enqueue("orders@there", IntakeBench.Item(headers: headers));

        _bench.TakeRejected().Code.ShouldBe(WireCode.BadHeaders);
    }

    [Fact]
    public void Enqueue_AnIdOfZeros_IsABadMessageId()
    {
        _bench.Enqueue("orders@there", IntakeBench.Item(), IntakeBench.Item(id: default(MessageId)));

        _bench.TakeRejected().Code.ShouldBe(WireCode.BadMessageId);
        _bench.Store.State.Queues.ShouldBeEmpty();
    }

    [Fact]
    public void Enqueue_HeadersThatAreNotUtf8_AreBadHeaders()
    {
        byte[] headers = [.. "{\"a\":\""u8, 0xC3, 0x28, .. "\"}"u8];
        _bench.Enqueue("orders@there", new EnqueueItem(null, headers, 0, default));

        _bench.TakeRejected().Code.ShouldBe(WireCode.BadHeaders);
    }

    [Fact]
    public void Enqueue_SixtyFourHeaders_AreTaken_OneMoreIsNot()
    {
        static string Headers(int count) => "{" + string.Join(",", Enumerable.Range(0, count).Select(i => $"\"h{i}\":\"x\"")) + "}";
        _bench.Enqueue("orders@there", IntakeBench.Item(headers: Headers(64)));
        _bench.Take().ShouldHaveSingleItem().ShouldBeOfType<Reply.Accepted>();

        _bench.Enqueue("orders@there", IntakeBench.Item(headers: Headers(65)));
        _bench.TakeRejected().Text.ShouldContain("64");
    }

    [Fact]
    public void Enqueue_Again_IsAcceptedAgainAndStoredOnce()
    {
        for (var i = 0; i < 3; i++)
        {
            _bench.Enqueue("orders@there", IntakeBench.Item(id: _id));
            _bench.Take().ShouldHaveSingleItem().ShouldBeOfType<Reply.Accepted>().MessageIds.ShouldBe([_id]);
        }

        _bench.Placed.Count.ShouldBe(1);
        _bench.Enqueues.IsIdle.ShouldBeTrue();
    }

    [Theory]
    [InlineData("orders@there", "other body")]
    [InlineData("orders@far", "hi")]
    public void Enqueue_TheIdWithSomethingElse_IsIdConflict_AndNothingOfTheRequestIsTaken(string destination, string body)
    {
        _bench.Enqueue("orders@there", IntakeBench.Item(id: _id));
        _bench.Take();
        _bench.Enqueue(destination, IntakeBench.Item("new"), IntakeBench.Item(body, id: _id));

        var refused = _bench.TakeRejected();
        refused.Code.ShouldBe(WireCode.IdConflict);
        refused.Text.ShouldContain(_id.ToString());
        _bench.Placed.Count.ShouldBe(1);
        _bench.Enqueues.IsIdle.ShouldBeTrue();
    }

    [Fact]
    public void Enqueue_MoreThanMayBePending_IsBusy_UntilSomeIsDurable()
    {
        var bench = new IntakeBench(pendingBytesMax: 1000).Hello();
        bench.Enqueue("orders@there", IntakeBench.Item(new string('b', 900)));
        bench.Enqueue("orders@there", IntakeBench.Item(new string('b', 900)));
        bench.TakeNow().ShouldHaveSingleItem().ShouldBeOfType<Reply.Rejected>().Code.ShouldBe(WireCode.Busy);
        bench.Take().ShouldHaveSingleItem().ShouldBeOfType<Reply.Accepted>();

        bench.Enqueue("orders@there", IntakeBench.Item(new string('b', 2000)));
        bench.Take().ShouldHaveSingleItem().ShouldBeOfType<Reply.Accepted>();
    }

    [Fact]
    public void Enqueue_CopiesCountAsPendingToo()
    {
        var bench = new IntakeBench(pendingBytesMax: 1000).Hello();
        bench.Enqueue("orders@there", IntakeBench.Item("small"));
        bench.Enqueue("copies", IntakeBench.Item(new string('b', 400)));

        bench.TakeNow().ShouldHaveSingleItem().ShouldBeOfType<Reply.Rejected>().Code.ShouldBe(WireCode.Busy);
    }

    [Fact]
    public void Enqueue_WhenClosed_IsStopping()
    {
        _bench.Enqueues.IsClosed = true;
        _bench.Enqueue("orders@there", IntakeBench.Item());

        _bench.TakeRejected().Code.ShouldBe(WireCode.Stopping);
    }
}
