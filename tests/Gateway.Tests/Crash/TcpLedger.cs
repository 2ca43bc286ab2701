namespace Gateway.Tests.Crash;

/// <summary>Compares what one program sent with what another received.</summary>
internal sealed record TcpLedger(IReadOnlyList<long> Sent, IReadOnlyList<long> Received)
{
    /// <summary>Numbers sent and never received.</summary>
    public IReadOnlyList<long> Lost { get; } = [.. Sent.Distinct().Except(Received).Order()];

    /// <summary>Those lost that no kill of a receiver, or of the gateway that writes to it, explains.</summary>
    public IReadOnlyList<long> LostBeside(IReadOnlyList<TcpKill> kills) =>
        [.. Lost.Where(number => !kills.Any(kill => number > kill.ReceivedUpTo && number <= kill.SentUpTo))];

    /// <summary>How often something came that had come before.</summary>
    public int Repeated { get; } = Received.Count - Received.Distinct().Count();

    /// <summary>
    /// Numbers that came for the first time after a higher one. A repetition goes back to the first frame that was not completed, and then
    /// on in order.
    /// </summary>
    public IReadOnlyList<long> OutOfOrder { get; } = FindOutOfOrder(Received);

    public override string ToString() =>
        $"{Sent.Count} sent, {Received.Count} received, {Lost.Count} lost, {Repeated} repeated, {OutOfOrder.Count} out of order";

    private static List<long> FindOutOfOrder(IReadOnlyList<long> received)
    {
        var (late, highest, seen) = (new List<long>(), 0L, new HashSet<long>());
        foreach (var number in received)
        {
            if (!seen.Add(number)) continue;
            if (number < highest) late.Add(number);
            highest = Math.Max(highest, number);
        }

        return late;
    }
}
