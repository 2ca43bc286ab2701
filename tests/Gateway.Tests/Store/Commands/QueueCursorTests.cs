using Gateway.Store;
using Gateway.Store.Commands;
using Shouldly;
using Xunit;
using static Gateway.Tests.Store.StoreCommands;

namespace Gateway.Tests.Store.Commands;

/// <summary>The cursor between a store that executes groups and a loop that hears of them later.</summary>
public sealed class QueueCursorTests : IStoreInput, IQueueReader, IDisposable
{
    private readonly TestStore _store = new(StoreEngine.Memory);
    private readonly Queue<StoreCommand> _waiting = [];
    private readonly Queue<IReadOnlyList<StoreCommand>> _executed = [];
    private readonly List<long> _taken = [];
    private int _reads;
    private int _arrivals;
    private int _nextId = 1;

    public void Dispose() => _store.Dispose();

    [Fact]
    public void WhatIsCommittedWhileTheCursorIsUpToDate_ComesFromMemory()
    {
        var cursor = OpenCursor();

        Enqueue(cursor, count: 3);
        ExecuteAndComplete();

        cursor.HasMore.ShouldBeTrue();
        TakeAll(cursor);
        _taken.ShouldBe([1, 2, 3]);
        _reads.ShouldBe(0);
        cursor.HasMore.ShouldBeFalse();
    }

    [Fact]
    public void Backlog_IsReadFromTheStore_AndItsArrivalIsTold()
    {
        _store.Execute(StoreCommands.Enqueue(Orders, Message(901), Message(902)));
        var cursor = OpenCursor();
        cursor.SetTail(2);

        cursor.TryPeek(out _).ShouldBeFalse();
        cursor.HasMore.ShouldBeTrue();
        ExecuteAndComplete();

        _arrivals.ShouldBe(1);
        TakeAll(cursor);
        _taken.ShouldBe([1, 2]);
    }

    [Fact]
    public void NoTwoReadsAreUnderWayAtOnce()
    {
        var cursor = OpenCursor();
        cursor.SetTail(5);

        cursor.TryPeek(out _).ShouldBeFalse();
        cursor.TryPeek(out _).ShouldBeFalse();

        _reads.ShouldBe(1);
    }

    [Fact]
    public void Read_ExecutedInOneGroupWithALaterEnqueue_DoesNotShowItsMessageTwice()
    {
        Enqueue(cursor: null, count: 1);
        ExecuteAndComplete();
        var cursor = OpenCursor();
        cursor.SetTail(1);

        cursor.TryPeek(out _).ShouldBeFalse();
        Enqueue(cursor, count: 1);
        ExecuteAndComplete();

        TakeAll(cursor);
        _taken.ShouldBe([1, 2]);
    }

    [Fact]
    public void Holes_AreSteppedOver()
    {
        Enqueue(cursor: null, count: 6);
        ExecuteAndComplete();
        _store.Execute(Complete(Orders, 2), Complete(Orders, 5), Complete(Orders, 6));
        var cursor = OpenCursor();
        cursor.SetTail(6);

        for (var round = 0; round < 3; round++)
        {
            TakeAll(cursor);
            ExecuteAndComplete();
        }

        _taken.ShouldBe([1, 3, 4]);
        cursor.HasMore.ShouldBeFalse();
    }

    [Fact]
    public void ReadOfTheTimeBeforeClose_IsForgotten()
    {
        Enqueue(cursor: null, count: 2);
        ExecuteAndComplete();
        var cursor = OpenCursor();
        cursor.SetTail(2);
        cursor.TryPeek(out _).ShouldBeFalse();

        cursor.Close();
        ExecuteAndComplete();

        _arrivals.ShouldBe(0);
        cursor.HasMore.ShouldBeFalse();
        cursor.Open(1);
        cursor.TryPeek(out _).ShouldBeFalse();
        ExecuteAndComplete();
        TakeAll(cursor);
        _taken.ShouldBe([2]);
    }

    [Fact]
    public void FullBuffer_KeepsNoMore_AndReadsTheRestLater()
    {
        var cursor = OpenCursor(bufferBytesMax: 1_000);
        Enqueue(cursor, count: 30);
        ExecuteAndComplete();

        TakeAll(cursor);
        _taken.Count.ShouldBeLessThan(10);
        for (var round = 0; round < 30; round++)
        {
            ExecuteAndComplete();
            TakeAll(cursor);
        }

        _taken.ShouldBe(Enumerable.Range(1, 30).Select(number => (long)number));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void EveryMessageIsSeenOnceInOrder_WhateverTheInterleaving(int seed)
    {
        var random = new Random(seed);
        var cursor = OpenCursor(bufferBytesMax: 4_000);
        var isOpen = true;
        for (var step = 0; step < 3_000; step++)
        {
            switch (random.Next(12))
            {
                case < 2:
                    Enqueue(cursor, random.Next(1, 5));
                    break;
                case < 4:
                    ExecuteGroup(random.Next(1, 6));
                    break;
                case < 7:
                    CompleteGroup();
                    break;
                case 7 when isOpen && random.Next(3) == 0:
                    cursor.Close();
                    isOpen = false;
                    break;
                case 8 when !isOpen || random.Next(8) == 0:
                    cursor.Open(_taken.LastOrDefault());
                    isOpen = true;
                    break;
                case 9 when _taken.Count > 0:
                    _waiting.Enqueue(new AcknowledgeCommand(Orders, _taken[random.Next(_taken.Count)]));
                    break;
                default:
                    Take(cursor, random.Next(1, 12));
                    break;
            }
        }

        if (!isOpen) cursor.Open(_taken.LastOrDefault());
        do
        {
            while (_waiting.Count > 0) ExecuteGroup(random.Next(1, 6));
            while (_executed.Count > 0) CompleteGroup();
            Take(cursor, int.MaxValue);
        }
        while (_waiting.Count > 0 || cursor.HasMore);

        _taken.ShouldBe(Enumerable.Range(1, _nextId - 1).Select(number => (long)number), $"seed {seed}");
    }

    private QueueCursor OpenCursor(int bufferBytesMax = 1024 * 1024)
    {
        var cursor = new QueueCursor(Orders, this, this, bufferBytesMax);
        cursor.Open(0);
        return cursor;
    }

    void IQueueReader.OnRead() => _arrivals++;

    void IStoreInput.Submit(StoreCommand command)
    {
        _reads++;
        _waiting.Enqueue(command);
    }

    private void Enqueue(QueueCursor? cursor, int count)
    {
        var messages = Enumerable.Range(0, count).Select(_ => new IncomingMessage(Message(_nextId++), 1)).ToList();
        _waiting.Enqueue(new EnqueueCommand([Orders], messages, Noon, done =>
        {
            foreach (var placed in done.Placed) cursor?.OnStored(placed.Message);
        }));
    }

    private void ExecuteGroup(int commandsMax)
    {
        var group = new List<StoreCommand>();
        while (group.Count < commandsMax && _waiting.TryDequeue(out var command)) group.Add(command);
        if (group.Count == 0) return;
        _store.Store.Execute(group);
        _executed.Enqueue(group);
    }

    private void CompleteGroup()
    {
        if (!_executed.TryDequeue(out var group)) return;
        foreach (var command in group) command.Complete();
    }

    private void ExecuteAndComplete()
    {
        ExecuteGroup(int.MaxValue);
        CompleteGroup();
    }

    private void TakeAll(QueueCursor cursor) => Take(cursor, int.MaxValue);

    private void Take(QueueCursor cursor, int countMax)
    {
        for (var count = 0; count < countMax && cursor.TryPeek(out var message); count++)
        {
            cursor.Take();
            _taken.Add(message.Number);
        }
    }
}
