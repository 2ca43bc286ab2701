namespace Gateway.Tests.Simulation;

/// <summary>A program with one connection, to which it writes random bytes, and which it reads. It knows nothing of gateways.</summary>
/// <param name="bytes">So many it has to write.</param>
/// <param name="pieceMax">As many at once, at most.</param>
internal sealed class StreamProgram(string name, StreamSocket socket, StreamManner manner, int bytes, int pieceMax, Random random)
{
    public string Name => name;

    public StreamSocket Socket => socket;

    public List<byte> Written { get; } = [];

    public List<byte> Read { get; } = [];

    /// <summary>It has ended its direction in order, after all that it has written.</summary>
    public bool HasFinished { get; private set; }

    /// <summary>It has reset the connection, or closed it before it had read the end of the other direction.</summary>
    public bool WasAbrupt { get; private set; }

    /// <summary>It has read everything, and then the end.</summary>
    public bool SawEnd { get; private set; }

    public bool SawReset { get; private set; }

    /// <summary>It has no connection any more.</summary>
    public bool IsOver { get; private set; }

    public void Step()
    {
        if (IsOver) return;
        switch (random.Next(4))
        {
            case < 2:
                ReadSome();
                break;
            case 2:
                WriteSome();
                break;
            default:
                EndIfItWants();
                break;
        }

        if (!IsOver && HasFinished && SawEnd) CloseInOrder();
    }

    /// <summary>The process is killed.</summary>
    public void Die()
    {
        if (IsOver) return;
        if (random.Next(2) == 0) Close();
        else Reset();
    }

    public override string ToString() => $"{name} ({manner}, {Written.Count} of {bytes} written, {Read.Count} read"
        + (HasFinished ? ", finished" : "") + (WasAbrupt ? ", abrupt" : "") + (SawEnd ? ", saw the end" : "")
        + (SawReset ? ", saw a reset" : "") + (IsOver ? "" : ", not over") + (socket.WasKilled ? ", gateway killed"
        : socket.WasCut ? ", gateway stopped" : "") + ")";

    private void ReadSome()
    {
        var read = socket.Read(random.Next(1, 2 * pieceMax));
        Read.AddRange(read);
        if (read.Length > 0) return;
        SawEnd |= socket.End == StreamEnd.Finished;
        if (socket.End == StreamEnd.Reset) OnReset();
    }

    private void WriteSome()
    {
        if (HasFinished || Written.Count == bytes) return;
        var piece = new byte[random.Next(1, Math.Min(pieceMax, bytes - Written.Count) + 1)];
        random.NextBytes(piece);
        if (!socket.TrySend(piece)) OnReset();
        else Written.AddRange(piece);
    }

    private void EndIfItWants()
    {
        if (manner == StreamManner.Resets && random.Next(10) == 0)
        {
            Reset();
        }
        else if (!HasFinished && Written.Count == bytes && (manner != StreamManner.Answers || SawEnd))
        {
            if (manner == StreamManner.Closes) Close();
            else Finish();
        }
    }

    private void Finish()
    {
        HasFinished = true;
        socket.Finish();
    }

    private void CloseInOrder()
    {
        IsOver = true;
        socket.Close();
    }

    private void Close()
    {
        IsOver = true;
        WasAbrupt = !SawEnd;
        HasFinished |= socket.Close();
    }

    private void Reset()
    {
        IsOver = WasAbrupt = true;
        socket.Abort();
    }

    private void OnReset() => IsOver = SawReset = true;
}
