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
        var steps = Enum.GetValues<Trouble>().Where(trouble => trouble != Trouble.None).Select(trouble => new Step(
            NameOf(trouble), async token =>
            {
                await star.BeginAsync(trouble, token);
                var perSecond = (peers - 1) * MessagesEach / await star.SendAsync(MessagesEach, BodyBytes, token);
                await star.EndAsync(trouble, token);
                board.Add(NameOf(trouble), "messages/s", perSecond, NameOf(Trouble.None));
            }));
        var all = peers * MessagesEach;
        var alone = new Step(one, token => ProcessorTime.AddAsync(board, one, star.ProcessIds, all, async () =>
            board.Add(one, "messages/s", all / await star.SendToOneAsync(all, BodyBytes, token))));
        var well = new Step(NameOf(Trouble.None), token =>
            ProcessorTime.AddAsync(board, NameOf(Trouble.None), star.ProcessIds, all, async () =>
            {
                var perSecond = (peers - 1) * MessagesEach / await star.SendAsync(MessagesEach, BodyBytes, token);
                await star.EndAsync(Trouble.None, token);
                board.Add(NameOf(Trouble.None), "messages/s", perSecond, one);
            }));
        return await Benchmark.InRoundsAsync(board, settings, [alone, well, .. steps], cancellationToken);
    }

    private static string NameOf(Trouble trouble) =>
        trouble == Trouble.None ? "to all, all well" : $"to all but one, which is {trouble.ToString().ToLowerInvariant()}";
}
