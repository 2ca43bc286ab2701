using System.Text;
using Gateway.Links.Protocol;
using Gateway.Transport;
using Gateway.Transport.Accepting;
using Gateway.Transport.Zmtp;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Transport.Accepting;

/// <summary>
/// The loop's handling of messages and ends of accepted connections: each has its share in turn, all on one thread, without a socket.
/// </summary>
public sealed class AcceptedConnectionsTurnTests : IDisposable
{
    private const int Share = 1000;
    private const int BudgetBytes = 1_000_000;

    private static readonly AcceptedEnd _closed = new(LinkCause.ClosedByPeer, "closed");
    private static readonly TimeSpan _long = TimeSpan.FromDays(1);

    private readonly FakeTimeProvider _time = new();
    private readonly LoopQueue _queue = new();
    private readonly LoopTurns _turns;
    private readonly ConnectionRounds _rounds;
    private readonly ConnectionMemory _memory = new(new MemoryBudget(BudgetBytes), new MemoryBudget(BudgetBytes));
    private readonly Conversation _conversation = new();
    private readonly AcceptedConnections _connections;

    public AcceptedConnectionsTurnTests()
    {
        _turns = new LoopTurns(_time);
        _rounds = new ConnectionRounds(new ConnectionPatience(_long, _long), _time);
        _connections = new AcceptedConnections(_conversation, _memory, _turns, _queue);
    }

    public void Dispose() => _rounds.Dispose();

    [Fact]
    public void Messages_OfOneRead_AreTakenAtOnce_InOrder_AndNothingIsPosted()
    {
        var connection = Open("a");

        Arrive(connection, 1, 3);

        _conversation.Said.ShouldBe(["a 1", "a 2", "a 3"]);
        PostedTurns().ShouldBe(0);
    }

    [Fact]
    public void AConnection_GetsItsShare_ThenTheOthers_ThenItsNext()
    {
        var (busy, other) = (Open("busy"), Open("other"));

        Arrive(busy, 1, (2 * Share) + 1);
        _conversation.Said.Count.ShouldBe(Share);
        Arrive(other, 1, 1);

        _conversation.Said[^1].ShouldBe("other 1", "who brought little does not wait for the rest of the other");
        Turn();
        _conversation.Said.Where(said => said != "other 1")
            .ShouldBe(Enumerable.Range(1, (2 * Share) + 1).Select(number => $"busy {number}"));
        PostedTurns().ShouldBe(0);
    }

    [Fact]
    public void WhatArrives_WhileItsConnectionWaits_ComesBehindWhatItBroughtBefore()
    {
        var connection = Open("a");
        Arrive(connection, 1, Share + 1);

        Arrive(connection, Share + 2, 1);
        _conversation.Said.Count.ShouldBe(Share);
        Turn();

        _conversation.Said.ShouldBe(Enumerable.Range(1, Share + 2).Select(number => $"a {number}"));
    }

    [Fact]
    public void SeveralThatWait_AreOnePost_AndEachGetsAShareOfTheTurn()
    {
        var connections = Enumerable.Range(0, 3).Select(i => Open($"{i}")).ToList();
        foreach (var connection in connections) Arrive(connection, 1, Share + 1);

        Turn();

        _conversation.Said.TakeLast(3).ShouldBe(connections.Select(connection => $"{connection.Name} {Share + 1}"));
        PostedTurns().ShouldBe(0);
    }

    [Fact]
    public void AShare_EndsWithTheTurn_AndTheRestIsTakenInTheNextOnes()
    {
        var connection = Open("slow");
        _conversation.OnSaid = _ => _time.Advance(LoopTurns.LengthMax);

        _queue.Post(() => Arrive(connection, 1, 40));
        Turn();
        _conversation.Said.Count.ShouldBe(16);
        Turn();
        _conversation.Said.Count.ShouldBe(32);
        Turn();

        _conversation.Said.ShouldBe(Enumerable.Range(1, 40).Select(number => $"slow {number}"));
    }

    [Fact]
    public void WhenTheTurnIsOver_WhoStillWaits_ComesFirstInTheNextOne()
    {
        var (first, second) = (Open("first"), Open("second"));
        Arrive(first, 1, Share + 20);
        Arrive(second, 1, Share + 1);
        _conversation.OnSaid = _ => _time.Advance(LoopTurns.LengthMax);

        Turn();
        _conversation.Said[^1].ShouldBe($"first {Share + 16}");
        Turn();

        _conversation.Said[^1].ShouldBe($"second {Share + 1}");
    }

    [Fact]
    public void TheEnd_OfAConnectionThatWaits_ComesBehindItsMessages()
    {
        var connection = Open("a");
        Arrive(connection, 1, Share + 1);

        _connections.OnEnded(connection, _closed);
        _conversation.Said.Count.ShouldBe(Share);
        connection.IsOpen.ShouldBeTrue();
        Turn();

        _conversation.Said.TakeLast(2).ShouldBe([$"a {Share + 1}", "a lost ClosedByPeer"]);
        connection.IsOpen.ShouldBeFalse();
    }

    [Fact]
    public void TheEnd_OfAConnectionWithNothingLeft_IsToldAtOnce_AndOnce()
    {
        var connection = Open("a");

        _connections.OnEnded(connection, _closed);
        _connections.OnEnded(connection, _closed);

        _conversation.Said.ShouldBe(["a lost ClosedByPeer"]);
    }

    [Fact]
    public void WhatIsSent_DuringAnEvent_LeavesAtItsEnd_InOrder()
    {
        var connection = Open("a", out var sent);
        _conversation.OnSaid = from => from.Send([Encoding.ASCII.GetBytes("answer")]);
        Arrive(connection, 1, 2);
        sent.Length.ShouldBe(0);

        _connections.Flush();

        Encoding.ASCII.GetString(sent.ToArray()).ShouldBe("\0\u0006answer\0\u0006answer");
    }

    [Fact]
    public void AStranger_ForWhomMoreWaitsThanMay_IsGivenUp_AndIsToldNothingMore()
    {
        var connection = Open("a", out _, isStuck: true);
        _conversation.OnSaid = from => from.Send([new byte[ConnectionReader.StrangerBytes - 10]]);
        Arrive(connection, 1, 1);
        _connections.Flush();
        connection.IsOpen.ShouldBeTrue();

        Arrive(connection, 2, 1);
        _connections.Flush();
        Arrive(connection, 3, 1);

        _conversation.Said.ShouldBe(["a 1", "a 2", "a lost HalfOpen"]);
    }

    [Fact]
    public void WhenTooMuchWaitsForAll_TheOneForWhomMostWaits_IsGivenUp_AndTheNextOnlyAfterItHasEnded()
    {
        var much = Open("much", out _, isStuck: true);
        var more = Open("more", out _, isStuck: true);
        var most = Open("most", out _, isStuck: true);
        Send(much, BudgetBytes * 4 / 10);
        Send(more, BudgetBytes * 5 / 10);
        Send(most, BudgetBytes * 6 / 10);

        _connections.Flush();
        _connections.Flush();
        _conversation.Said.ShouldBe(["most lost HalfOpen"]);

        // The bytes that waited for it still count: its socket is open until then.
        _connections.OnEnded(most, _closed);
        _connections.Flush();

        _conversation.Said.ShouldBe(["most lost HalfOpen", "more lost HalfOpen"]);
        much.IsOpen.ShouldBeTrue();
    }

    [Fact]
    public void AConnection_ThatALossOfAnotherMakesSend_IsFlushedInTheSameEvent()
    {
        var told = Open("told", out var sent);
        var stuffed = Open("stuffed", out _, isStuck: true);
        _conversation.OnLostOne = () => told.Send([Encoding.ASCII.GetBytes("gone")]);
        Send(stuffed, 2 * ConnectionReader.StrangerBytes);
        Send(stuffed, 1);

        _connections.Flush();

        Encoding.ASCII.GetString(sent.ToArray()).ShouldBe("\0\u0004gone");
    }

    private AcceptedConnection Open(string name) => Open(name, out _);

    private AcceptedConnection Open(string name, out MemoryStream sent, bool isStuck = false)
    {
        sent = isStuck ? new StuckStream() : new MemoryStream();
        var zmtp = new ZmtpLimits(["DEALER"], 1_000_000, 1_000_000, PartsMax: 10);
        var settings = new FrontDoorSettings(10, 10, _long, _rounds.Patience, zmtp);
        var connection = new AcceptedConnection(
            name, null, new StreamPipes(sent), new WireBytes(), ZmtpChecker.AfterHandshake(zmtp),
            new ConnectionPlace(new ConnectionCensus(10, 10), null, new Uncut()), _connections, settings, _rounds, _memory);
        _connections.Open(connection);
        return connection;
    }

    /// <summary>Numbered messages of one read, as an event of the loop.</summary>
    private void Arrive(AcceptedConnection connection, int first, int count)
    {
        var messages = Enumerable.Range(first, count).Select(number => new List<byte[]> { Encoding.ASCII.GetBytes($"{number}") }).ToList();
        _turns.Begin();
        _connections.OnArrived(connection, new ArrivedMessages(messages, count));
        _turns.End();
    }

    private static void Send(AcceptedConnection connection, int bytes) => connection.Send([new byte[bytes]]);

    private void Turn() => _queue.Drain(action => action(), _turns);

    /// <summary>Turns until nothing is left to do.</summary>
    private int PostedTurns()
    {
        var turns = 0;
        _queue.Drain(_ => turns++, _turns);
        return turns;
    }

    /// <summary>Writes down what it is told.</summary>
    private sealed class Conversation : IConversation
    {
        public List<string> Said { get; } = [];

        public Action<AcceptedConnection>? OnSaid { get; set; }

        public Action? OnLostOne { get; set; }

        public bool OnMessage(AcceptedConnection connection, IReadOnlyList<byte[]> frames)
        {
            Said.Add($"{connection.Name} {Encoding.ASCII.GetString(frames[0])}");
            OnSaid?.Invoke(connection);
            return false;
        }

        public void OnLost(AcceptedConnection connection, AcceptedEnd end)
        {
            Said.Add($"{connection.Name} lost {end.Cause}");
            OnLostOne?.Invoke();
        }
    }

    /// <summary>Takes nothing.</summary>
    private sealed class StuckStream : MemoryStream
    {
        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
    }

    private sealed class Uncut : ICountedConnection
    {
        public void MakeRoom() => throw new InvalidOperationException("nothing comes in its place");
    }
}
