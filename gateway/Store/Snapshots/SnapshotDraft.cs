using Gateway.Store.Messages;
using Gateway.Store.Records;
using Gateway.Store.State;

namespace Gateway.Store.Snapshots;

/// <summary>
/// The state as it is when the draft is made, written in blocks of bounded size, one at each call, while the state goes on: every part is
/// written, or kept, before it changes. However much the store knows, no command waits for more than one block of it. FORMAT.md has the
/// records. Owned by the store's thread.
/// </summary>
internal sealed class SnapshotDraft : IStateDraft
{
    /// <summary>The largest number of entries that one call examines.</summary>
    private const int PieceLooks = 4096;

    /// <summary>Dead letters that are listed at once.</summary>
    private const int LettersMax = 512;

    private readonly StoreState _state;
    private readonly BlockBatch _batch;
    private readonly IEnumerator<bool> _walk;
    private readonly int _draft;
    private readonly long _handleEnd;
    private readonly long _lastLetter;
    private readonly int _damaged;
    private readonly List<FrozenPositions> _positions;
    private readonly KeyValuePair<string, string>[] _marks;

    /// <summary>
    /// Dead letters that were removed, or got another place, before they were written; each with the handle of its queue.
    /// </summary>
    private readonly Dictionary<long, (DeadLetter Letter, long Handle)> _changedLetters = [];
    private long _lettersUpTo;
    private bool _isWritten;

    /// <param name="firstNumber">The number of the first block.</param>
    public SnapshotDraft(StoreState state, long lastGroup, long firstNumber)
    {
        _state = state;
        _batch = new BlockBatch(BlockKind.Snapshot, firstNumber);
        LastGroup = lastGroup;
        _draft = state.BeginDraft(this);
        (_handleEnd, _lastLetter, _damaged) = (state.NextHandle, state.LastDeadLetter, state.Damaged.Count);
        _positions = state.Positions.Freeze();
        _marks = [.. state.Marks];
        WriteCounters();
        _walk = WriteAll().GetEnumerator();
    }

    /// <summary>The last group of which the state is.</summary>
    public long LastGroup { get; }

    /// <summary>All of its blocks were taken.</summary>
    public bool IsTaken => _isWritten && _batch.IsEmpty;

    /// <summary>The next block; false if it is not full yet, and more is to be asked for.</summary>
    public bool TryTake(out Block block)
    {
        for (var looks = 0; looks < PieceLooks && !_batch.HasFull && !_isWritten; looks++) _isWritten = !_walk.MoveNext();
        return _batch.TryTake(_isWritten, out block);
    }

    public void Keep(QueueState queue)
    {
        if (queue.WrittenIn != _draft && queue.Handle < _handleEnd) Write(queue);
    }

    public void Keep(DeadLetter letter)
    {
        if (letter.Number > _lettersUpTo && letter.Number <= _lastLetter)
            _changedLetters.TryAdd(letter.Number, (letter, HandleOf(letter.Queue)));
    }

    /// <summary>Each step writes one thing, or finds that it was written.</summary>
    private IEnumerable<bool> WriteAll()
    {
        foreach (var queue in _state.Queues.From(0).TakeWhile(queue => queue.Handle < _handleEnd))
        {
            Keep(queue);
            yield return true;
        }

        foreach (var positions in _positions)
        {
            while (positions.TryWrite(_batch)) yield return true;
        }

        foreach (var (name, note) in _marks)
        {
            new Marked(name, note).Write(_batch.Begin(RecordKind.Marked));
            _batch.End();
            yield return true;
        }

        while (_state.DeadLettersAfter(_lettersUpTo).Take(LettersMax).ToList() is [{ } first, ..] letters && first.Number <= _lastLetter)
        {
            foreach (var letter in letters.TakeWhile(letter => letter.Number <= _lastLetter))
            {
                _lettersUpTo = letter.Number;
                if (!_changedLetters.ContainsKey(letter.Number)) Write(letter, HandleOf(letter.Queue));
                yield return true;
            }
        }

        _lettersUpTo = _lastLetter;
        foreach (var (letter, handle) in _changedLetters.Values)
        {
            Write(letter, handle);
            yield return true;
        }

        for (var i = 0; i < _damaged; i++)
        {
            Write(_state.Damaged[i]);
            yield return true;
        }

        // Without it, a snapshot that has lost its last blocks would look whole.
        _batch.Begin(RecordKind.SnapshotEnd);
        _batch.End();
        _state.EndDraft(this);
    }

    private long HandleOf(QueueId id)
    {
        var queue = _state.Find(id);
        Invariant.Require(queue is not null, "the queue of dead letters and damaged messages is known");
        return queue.Handle;
    }

    private void WriteCounters()
    {
        var counters = _batch.Begin(RecordKind.Counters);
        counters.Int64(LastGroup);
        counters.Int64(_lastLetter);
        counters.Int64(_handleEnd);
        _batch.End();
        if (_state.NumbersAfter == 0) return;
        _batch.Begin(RecordKind.NumbersAfter).Int64(_state.NumbersAfter);
        _batch.End();
    }

    private void Write(QueueState queue)
    {
        queue.WrittenIn = _draft;
        new QueueMade(queue.Handle, queue.Id, queue.MadeAfter).Write(_batch.Begin(RecordKind.QueueMade));
        _batch.End();

        var marks = _batch.Begin(RecordKind.QueueMarks);
        marks.Int64(queue.Handle);
        marks.Int64(queue.LastNumber);
        marks.Int64(queue.DeliveredUpTo);
        marks.Guid(queue.Maker);
        _batch.End();

        PackedExtents.Write(_batch, queue);

        foreach (var returned in queue.Returned.Values)
        {
            returned.Write(_batch.Begin(RecordKind.Returned));
            _batch.End();
        }
    }

    private void Write(DamagedMessages damaged)
    {
        var writer = _batch.Begin(RecordKind.DamagedKept);
        writer.Int64(HandleOf(damaged.Queue));
        writer.Int64(damaged.Group);
        writer.Int64(damaged.First);
        writer.Int32(damaged.Count);
        writer.Int32(damaged.Gone.Length);
        foreach (var word in damaged.Gone) writer.UInt64(word);
        writer.Int64(damaged.DeadLetter);
        writer.Int64(damaged.AtUnixMs);
        writer.Text(damaged.Why);
        _batch.End();
    }

    private void Write(DeadLetter deadLetter, long handle)
    {
        var writer = _batch.Begin(RecordKind.DeadLetterKept);
        writer.Int64(deadLetter.Number);
        writer.Int64(handle);
        writer.Int64(deadLetter.MessageNumber);
        writer.Int64(deadLetter.Group);
        writer.Int64(deadLetter.SizeBytes);
        writer.Byte((byte)deadLetter.Reason);
        writer.Int64(deadLetter.AtUnixMs);
        writer.Text(deadLetter.Text);
        _batch.End();
    }
}
