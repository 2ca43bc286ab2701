namespace Gateway.Store.Records;

/// <summary>Fills blocks of one kind with records; when a block has reached its size, a new one begins with the next number.</summary>
internal sealed class BlockBatch(BlockKind kind, long firstNumber)
{
    private readonly GroupWriter _writer = new();
    private readonly Queue<Block> _blocks = [];

    /// <summary>The number of the block that takes the next record.</summary>
    public long Number { get; private set; } = firstNumber;

    public bool IsEmpty => _blocks.Count == 0 && _writer.IsEmpty;

    /// <summary>There is a block that has reached its size.</summary>
    public bool HasFull => _blocks.Count > 0;

    public ByteWriter Begin(RecordKind record)
    {
        Turn();
        return _writer.Begin(record);
    }

    /// <summary>
    /// Begins the next block if this one has reached its size; records that must stay together follow with <see cref="BeginTogether"/>.
    /// </summary>
    public void Turn()
    {
        if (_writer.LengthBytes >= GroupReader.TargetBytes) Close();
    }

    /// <summary>
    /// Like <see cref="Begin"/>, but the record lies in the same block as the one before it, however large the block becomes.
    /// </summary>
    public ByteWriter BeginTogether(RecordKind record) => _writer.Begin(record);

    public void End() => _writer.End();

    /// <summary>Returns the blocks so far; the batch continues, empty, with the next number.</summary>
    public List<Block> Take()
    {
        if (!_writer.IsEmpty) Close();
        var taken = _blocks.ToList();
        _blocks.Clear();
        return taken;
    }

    /// <summary>
    /// Takes the first of the blocks that have reached their size; or the last one, which need not, when nothing follows.
    /// </summary>
    public bool TryTake(bool isEnd, out Block block)
    {
        if (isEnd && _blocks.Count == 0 && !_writer.IsEmpty) Close();
        return _blocks.TryDequeue(out block);
    }

    private void Close()
    {
        _blocks.Enqueue(new Block(new BlockId(kind, Number), _writer.Finish(Number)));
        Number++;
    }
}
