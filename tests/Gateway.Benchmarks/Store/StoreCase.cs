namespace Gateway.Benchmarks.Store;

/// <summary>A case to store: the bytes of a body, the messages in a commit, and the number of queues.</summary>
internal sealed record StoreCase(int BodyBytes, int GroupMessages, int Queues)
{
    /// <summary>A body as large as a block, which a commit has alone.</summary>
    private static readonly StoreCase _large = new(256 * 1024, 1, 1);

    public static IEnumerable<StoreCase> All => Small.Append(_large);

    private static IEnumerable<StoreCase> Small =>
        from bodyBytes in new[] { 100, 1024, 16 * 1024 }
        from groupMessages in new[] { 1, 10, 100, 1000 }
        from queues in new[] { 1, 50 }
        where queues == 1 || groupMessages >= 100
        select new StoreCase(bodyBytes, groupMessages, queues);

    /// <summary>Enough for about a second, and for checkpoints and a new volume to fall into it.</summary>
    public int Groups(bool quick) => Math.Max(
        3, GroupMessages switch { 1 => 3000, 10 => 2000, 100 => 1000, _ => 150 } / (BodyBytes > 10_000 ? 5 : 1) / (quick ? 10 : 1));
}
