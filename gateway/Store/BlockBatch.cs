namespace Gateway.Store;

/// <summary>Fills blocks of one kind with records, starting a new block, with the next number, whenever one has reached its size.</summary>
internal sealed class BlockBatch(BlockKind kind, long firstNumber)
{
    private readonly GroupWriter _writer = new();
    private readonly List<Block> _blocks = [];

    /// <summary>The block that the next record goes into.</summary>
    public long Number { get; private set; } = firstNumber;

    public bool IsEmpty => _blocks.Count == 0 && _writer.IsEmpty;

    public ByteWriter Begin(RecordKind record)
    {
        Turn();
        return _writer.Begin(record);
    }

    /// <summary>
    /// Goes on to the next block if this one has reached its size; records that belong together follow with <see cref="BeginTogether"/>.
    /// </summary>
    public void Turn()
    {
        if (_writer.LengthBytes >= GroupReader.TargetBytes) Close();
    }

    /// <summary>
    /// As <see cref="Begin"/>, for a record that must lie in the same block as the one before it, however large that becomes.
    /// </summary>
    public ByteWriter BeginTogether(RecordKind record) => _writer.Begin(record);

    public void End() => _writer.End();

    /// <summary>The blocks so far; the batch goes on, empty, with the next number.</summary>
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
