namespace Gateway.Store;

/// <summary>Fills blocks of one kind with records; when a block has reached its size, a new one begins with the next number.</summary>
internal sealed class BlockBatch(BlockKind kind, long firstNumber)
{
    private readonly GroupWriter _writer = new();
    private readonly List<Block> _blocks = [];

    /// <summary>The number of the block that takes the next record.</summary>
    public long Number { get; private set; } = firstNumber;

    public bool IsEmpty => _blocks.Count == 0 && _writer.IsEmpty;

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

    private void Close()
    {
        _blocks.Add(new Block(new BlockId(kind, Number), _writer.Finish(Number)));
        Number++;
    }
}
