namespace Gateway.Benchmarks.Link;

/// <summary>
/// Whether many peers together get what one gets alone; and whether one peer that stands still, is gone or refuses costs the others
/// anything: messages go to all peers in turn, and the time counts until all but that one have theirs on disk.
/// </summary>
internal static class ManyPeersBenchmark
{
    private const int PeersMany = 50;
    private const int MessagesEach = 2_000;
    private const int BodyBytes = 1024;

    public static async Task<object> RunAsync(BenchmarkSettings settings, CancellationToken cancellationToken)
    {
        var peers = settings.Share(PeersMany);
        await using var star = new GatewayStar(settings.FreshFolder(), peers);
        await star.StartAsync(cancellationToken);
        await Warmth.ReachAsync(
            async () =>
            {
                await star.SendAsync(MessagesEach, BodyBytes, cancellationToken);
                await star.EndAsync(Trouble.None, cancellationToken);
            },
            star.ProcessIds,
            cancellationToken);

        var one = $"one peer gets all, {BodyBytes} bytes";
        var board = new Scoreboard($"One gateway and {peers} peers, each a process");
        var steps = Enum.GetValues<Trouble>().Select(trouble => new Step(NameOf(trouble), async token =>
        {
            await star.BeginAsync(trouble, token);
            var perSecond = (peers - 1) * MessagesEach / await star.SendAsync(MessagesEach, BodyBytes, token);
            await star.EndAsync(trouble, token);
            board.Add(NameOf(trouble), "messages/s", perSecond, trouble == Trouble.None ? one : NameOf(Trouble.None));
        }));
        var alone = new Step(one, async token =>
            board.Add(one, "messages/s", peers * MessagesEach / await star.SendToOneAsync(peers * MessagesEach, BodyBytes, token)));
        return await Benchmark.InRoundsAsync(board, settings, [alone, .. steps], cancellationToken);
    }

    private static string NameOf(Trouble trouble) =>
        trouble == Trouble.None ? "to all, all well" : $"to all but one, which is {trouble.ToString().ToLowerInvariant()}";
}
